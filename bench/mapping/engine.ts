/** Our engine on the corpus: the rule of establishments as it ships, alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCodeTables, type CodeTables } from '../../src/mapping/code-tables.ts';
import { compileMapping, type Mapping, type MappingLibrary } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readYaml } from '../../src/mapping/read-yaml.ts';
import type { MappedResource, SourceDocument, SourceRecord } from '../../src/mapping/types.ts';

const folder = join(import.meta.dirname, '../../mappings');

export type Definition = { mapping: SourceDocument; library: MappingLibrary };

export function readDefinition(): Definition {
  const names = readdirSync(join(folder, 'codes')).sort();
  const codes = names.map((name) => read(`codes/${name}`));
  const parts = read('parts.yaml');
  const { resources, fragments } = parts.data as Record<string, Record<string, never>>;
  const { establishment, legalEntity } = resources!;
  const data = { kind: 'sites', resources: { establishment, legalEntity }, fragments } as never;
  return { mapping: { ...parts, data }, library: { codes, parts: [] } };
}

function read(name: string): SourceDocument {
  const { document, issues } = readYaml(readFileSync(join(folder, name), 'utf8'), `mappings/${name}`);
  if (!document) throw new Error(JSON.stringify(issues));
  return document;
}

export function compile({ mapping: definition, library }: Definition): Mapping {
  const { mapping, issues } = compileMapping(definition, library);
  if (!mapping) throw new Error(JSON.stringify(issues));
  return mapping;
}

export function tablesOf({ library }: Definition): CodeTables {
  return compileCodeTables(library.codes).tables;
}

export function mapByEngine(mapping: Mapping, record: SourceRecord): MappedResource[] {
  const { resources, issues } = mapRecord(mapping, record, { at: '2026-11-25' });
  if (issues.length) throw new Error(JSON.stringify(issues));
  return resources;
}
