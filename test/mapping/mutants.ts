/** Mutants of the mappings: each lacks one leaf (a scalar of a mapping, of the parts, of a code table). */
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { compileMapping, type Mapping, type MappingLibrary } from '../../src/mapping/compile.ts';
import { locate } from '../../src/mapping/locate.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceDocument, SourceRecord } from '../../src/mapping/types.ts';
import { goldenDay, records, shippedLibrary, shippedMappings } from './corpus.ts';
import { bundleText, codesText, type Golden, readGolden } from './golden.ts';

/** What networks name when a configuration asks for French profiles: as they ship, they name none. */
const french = JSON.parse(readFileSync('mappings/french-profiles.json', 'utf8')) as Record<
  string,
  NonNullable<MappingLibrary['alsoMeets']>
>;

/** Leaves taken out, and `file:line leaf` of those that nobody missed. */
export type Mutation = { rules: number; survivors: string[] };

/**
 * `only` restricts it to some of the files.
 * Throws when the mappings disagree with the golden files before anything is taken out: it would prove nothing.
 */
export async function mutateMappings(only: (file: string) => boolean = () => true): Promise<Mutation> {
  const corpus = await records();
  const golden = readGolden(corpus);
  const library = shippedLibrary();
  const mappings = [...shippedMappings().values()];
  const expected = new Map(
    mappings.map((definition) => [definition.file, yields(definition, library, corpus, golden)]),
  );
  if (codesText(library.codes) !== golden.codes) throw new Error(outdated);
  const accepted = (definitions: readonly SourceDocument[], drawn: MappingLibrary): boolean =>
    definitions.every((definition) => agrees(definition, drawn, expected.get(definition.file) ?? []));

  const result: Mutation = { rules: 0, survivors: [] };
  const mutate = (document: SourceDocument, survives: (mutant: SourceDocument) => boolean): void => {
    for (const pointer of only(document.file) ? leavesOf(document.data) : []) {
      result.rules += 1;
      const mutant = { ...document, data: without(document.data, pointer) };
      if (survives(mutant)) {
        result.survivors.push(`${document.file}:${locate(document, pointer).line} ${pointer}`);
      }
    }
  };
  for (const mapping of mappings) mutate(mapping, (mutant) => accepted([mutant], library));
  for (const part of library.parts) {
    mutate(part, (mutant) => accepted(mappings, { ...library, parts: [mutant] }));
  }
  for (const table of library.codes) {
    const others = library.codes.filter((one) => one !== table);
    const place = library.codes.indexOf(table);
    mutate(table, (mutant) => {
      const codes = others.toSpliced(place, 0, mutant);
      return accepted(mappings, { ...library, codes }) && codesText(codes) === golden.codes;
    });
  }
  return result;
}

const outdated = 'the golden files are not up to date';

/** What one record yields, in the form that is quickest to compare. */
type Yield = { record: SourceRecord; text: string };

function textOf(mapping: Mapping, record: SourceRecord): string {
  return JSON.stringify(mapRecord(mapping, record, { at: goldenDay }).resources);
}

/** What a mapping yields of the records of its kind, once it was seen that the golden files say the same. */
function yields(
  definition: SourceDocument,
  library: MappingLibrary,
  corpus: readonly SourceRecord[],
  golden: Golden,
): Yield[] {
  const { mapping } = compileMapping(definition, library);
  if (!mapping) throw new Error(`${definition.file} is refused`);
  return corpus
    .filter((record) => record.kind === mapping.kind)
    .map((record) => {
      if (bundleText(mapping, record).text !== golden.bundles.get(record.id)) throw new Error(outdated);
      return { record, text: textOf(claiming(definition, library)!, record) };
    });
}

function agrees(definition: SourceDocument, library: MappingLibrary, expected: readonly Yield[]): boolean {
  const mapping = claiming(definition, library);
  return mapping !== undefined && expected.every(({ record, text }) => textOf(mapping, record) === text);
}

/** The mapping that also names French profiles: everything a rule says shows in what it yields. */
function claiming(definition: SourceDocument, library: MappingLibrary): Mapping | undefined {
  return compileMapping(definition, { ...library, alsoMeets: french['2.2']! }).mapping;
}

function leavesOf(value: Json, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  return Object.entries(value).flatMap(([name, child]) =>
    leavesOf(child, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** A copy without the leaf at a pointer; an item of a list leaves no gap. */
function without(data: JsonObject, pointer: string): JsonObject {
  const copy = structuredClone(data);
  const steps = pointer
    .slice(1)
    .split('/')
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  let node: Json = copy;
  for (const one of steps) node = (node as JsonObject)[one] ?? null;
  if (Array.isArray(node)) node.splice(Number(last), 1);
  else delete (node as JsonObject)[last];
  return copy;
}
