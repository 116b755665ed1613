/** The state of compiling one mapping: what rules may refer to, and the faults found so far. */
import type { Issue, IssueCode } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import type { CodeTables } from './code-tables.ts';
import type { Compiled } from './compiled.ts';
import { locate } from './locate.ts';
import type { CompiledPath } from './paths.ts';
import type { SourceDocument } from './types.ts';

/** One node of a mapping file, and where it stands. */
export type Place<T extends Json = Json> = { document: SourceDocument; pointer: string; node: T };

/** A loop around a rule. Its slot in the run is its position in the list of loops. */
export type Loop = { name: string; list: CompiledPath };

/** A resource rule as references see it. */
export type RuleSignature = {
  index: number;
  type: string;
  loop: Loop | undefined;
  hasIds: boolean;
  /** Conditional reference to its resources, up to the value of their key. */
  referencePrefix: string;
};

/** Canonicals (`url|version`) of French profiles, by the name that resource rules give in `alsoMeets`. */
export type AlsoMeets = Readonly<Record<string, readonly string[]>>;

export type Compilation = {
  readonly tables: CodeTables;
  readonly fragments: ReadonlyMap<string, Place<JsonObject>>;
  readonly rules: Map<string, RuleSignature>;
  readonly issues: Issue[];
  /** French profiles to name beside ours; absent: none is named. */
  readonly alsoMeets?: AlsoMeets;
  /** Compiles what stands at an element; every construct calls it for its parts. */
  readonly expression: (compilation: Compilation, place: Place, loops: readonly Loop[]) => Compiled;
};

/** The node below a place; the pointer step is escaped. */
export function below(place: Place<JsonObject> | Place<Json[]>, step: string | number): Place {
  const escaped = String(step).replaceAll('~', '~0').replaceAll('/', '~1');
  const node = (place.node as JsonObject)[step as string] ?? null;
  return { document: place.document, pointer: `${place.pointer}/${escaped}`, node };
}

/** `file:line` of a rule, its name in messages and origins. */
export function ruleName(place: Place): string {
  const { file, line } = locate(place.document, place.pointer);
  return `${file}:${line}`;
}

/** Records a fault of the mapping itself. */
export function refuse(compilation: Compilation, place: Place, code: IssueCode, message: string): void {
  compilation.issues.push({
    severity: 'error',
    code,
    message,
    source: locate(place.document, place.pointer),
  });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar of a mapping as text; the schema has made sure that it is one. */
export function textOf(node: Json | undefined): string {
  return typeof node === 'string'
    ? node
    : typeof node === 'number' || typeof node === 'boolean'
      ? `${node}`
      : '';
}
