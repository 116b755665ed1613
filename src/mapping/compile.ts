/** Compiles a mapping once; afterwards mapping a record is calling closures. */
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { referenceTo } from '../fhir/references.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { checkForm } from './check-form.ts';
import { compileCodeTables } from './code-tables.ts';
import { type AlsoMeets, below, type Compilation, type Place, refuse, textOf } from './compilation.ts';
import { compileExpression } from './expressions.ts';
import { refuseCircles, usesIn } from './fragment-circles.ts';
import { compileLoop } from './loops.ts';
import { compileResource, keySystemOf, type ResourceRule } from './resource-rule.ts';
import type { SourceDocument } from './types.ts';

/** A mapping ready to run. */
export type Mapping = {
  /** Kind of network it maps. */
  kind: string;
  file: string;
  rules: readonly ResourceRule[];
  /** What it was compiled from, for those who read it otherwise (`reverse/`). */
  source: { compilation: Compilation; resources: ReadonlyMap<string, Place<JsonObject>> };
};

/** What a mapping draws on: the code tables, and the parts it may include, by file name. */
export type MappingLibrary = {
  codes: readonly SourceDocument[];
  parts: readonly SourceDocument[];
  /** Editions of terminologies to write instead of those the tables begin with (`editions:` of a code table). */
  editions?: readonly string[];
  /** Canonicals (`url|version`) of French profiles to name beside ours, by what rules say in `alsoMeets`. */
  alsoMeets?: AlsoMeets;
};

/**
 * Checks a mapping (form by JSON Schema, then what rules refer to) and compiles it. With any error there is no mapping;
 * every issue carries file, line and column.
 */
export function compileMapping(
  definition: SourceDocument,
  library: MappingLibrary,
): { mapping?: Mapping; issues: Issue[] } {
  const issues = [
    ...checkForm(definition, 'mapping'),
    ...library.parts.flatMap((part) => checkForm(part, 'parts')),
    ...library.codes.flatMap((table) => checkForm(table, 'codeTable')),
  ];
  if (hasErrors(issues)) return { issues };
  const codes = compileCodeTables(library.codes, library.editions);
  issues.push(...codes.issues);

  const fragments = new Map<string, Place<JsonObject>>();
  const resources = new Map<string, Place<JsonObject>>();
  const compilation: Compilation = {
    tables: codes.tables,
    fragments,
    rules: new Map(),
    issues,
    expression: compileExpression,
    ...(library.alsoMeets ? { alsoMeets: library.alsoMeets } : {}),
  };
  for (const document of [definition, ...included(compilation, definition, library.parts)]) {
    gather(compilation, document, 'resources', resources);
    gather(compilation, document, 'fragments', fragments);
  }
  refuseCircles(compilation);
  for (const place of resources.values()) usesIn(compilation, place);
  if (hasErrors(issues)) return { issues };
  for (const [name, place] of resources) sign(compilation, name, place);
  const rules = [...resources].map(([name, place]) => compileResource(compilation, name, place));
  if (hasErrors(issues)) return { issues };
  const mapping: Mapping = {
    kind: textOf(definition.data['kind']),
    file: definition.file,
    rules: rules.filter((rule) => rule !== undefined),
    source: { compilation, resources },
  };
  return { mapping, issues };
}

function included(
  compilation: Compilation,
  definition: SourceDocument,
  parts: readonly SourceDocument[],
): SourceDocument[] {
  const root: Place<JsonObject> = { document: definition, pointer: '', node: definition.data };
  const list = below(root, 'include') as Place<Json[] | null>;
  return (list.node ?? []).flatMap((name, index) => {
    const part = parts.find((one) => one.file.endsWith(`/${textOf(name)}`) || one.file === name);
    if (part) return [part];
    refuse(
      compilation,
      below(list as Place<Json[]>, index),
      'not-found',
      `« ${textOf(name)} » n'existe pas.`,
    );
    return [];
  });
}

function gather(
  compilation: Compilation,
  document: SourceDocument,
  section: 'resources' | 'fragments',
  into: Map<string, Place<JsonObject>>,
): void {
  if (!(section in document.data)) return;
  const root: Place<JsonObject> = { document, pointer: '', node: document.data };
  const list = below(root, section) as Place<JsonObject>;
  for (const name of Object.keys(list.node)) {
    const place = below(list, name) as Place<JsonObject>;
    if (into.has(name)) refuse(compilation, place, 'duplicate', `« ${name} » est défini deux fois.`);
    else into.set(name, place);
  }
}

/** Makes a resource known to references before any of them is compiled. */
function sign(compilation: Compilation, name: string, place: Place<JsonObject>): void {
  const { node } = place;
  const loop =
    'forEach' in node ? compileLoop(compilation, place, [], { list: 'forEach', item: 'as' }) : undefined;
  compilation.rules.set(name, {
    index: compilation.rules.size,
    type: textOf(node['type']),
    loop,
    hasIds: 'id' in node,
    referencePrefix: referenceTo(textOf(node['type']), `${keySystemOf(node)}|`),
  });
}
