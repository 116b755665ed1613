/** Golden comparison: what the mappings make of the corpus, and what is kept in test/fixtures/mapping. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../../src/fhir/issue.ts';
import { resolveBundle } from '../../src/mapping/bundle.ts';
import { compileCodeTables, editionsOf } from '../../src/mapping/code-tables.ts';
import type { Mapping } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceDocument, SourceRecord } from '../../src/mapping/types.ts';
import { goldenDay, goldenFolder } from './corpus.ts';

/**
 * The edition that a table's own codes are, where it says so; one line for each word of each table, then for each that
 * another edition codes otherwise: `table value → concept`.
 */
export function codesText(codes: readonly SourceDocument[]): string {
  const own = codes.flatMap(({ data: { table, edition } }) =>
    typeof table === 'string' && typeof edition === 'string' ? [`${table} is ${edition}`] : [],
  );
  const base = codesLines(codes, []);
  const others = editionsOf(codes).flatMap((edition) =>
    codesLines(codes, [edition])
      .filter((line) => !base.includes(line))
      .map((line) => `${edition}: ${line}`),
  );
  return `${[...own, ...base, ...others].join('\n')}\n`;
}

function codesLines(codes: readonly SourceDocument[], editions: readonly string[]): string[] {
  const { tables } = compileCodeTables(codes, editions);
  return [...tables.values()].flatMap(({ name, concepts }) =>
    [...concepts].map(([value, concept]) => `${name} ${value} → ${JSON.stringify(concept)}`),
  );
}

/** The Bundle of a record as golden files hold it. */
export function bundleText(mapping: Mapping, record: SourceRecord): { text: string; issues: Issue[] } {
  const { resources, issues } = mapRecord(mapping, record, { at: goldenDay });
  return { text: `${JSON.stringify(resolveBundle(resources), null, 2)}\n`, issues };
}

export function goldenFile(record: SourceRecord): string {
  return join(goldenFolder, `${record.id}.json`);
}

export const codesFile = join(goldenFolder, 'codes.txt');

export type Golden = { codes: string; bundles: ReadonlyMap<string, string> };

export function readGolden(records: readonly SourceRecord[]): Golden {
  const bundles = records.map((record): [string, string] => [
    record.id,
    readFileSync(goldenFile(record), 'utf8'),
  ]);
  return { codes: readFileSync(codesFile, 'utf8'), bundles: new Map(bundles) };
}
