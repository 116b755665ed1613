/** The mappings as they ship and the networks they are proved on: the examples, and records that use every field. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MappingLibrary } from '../../src/mapping/compile.ts';
import { readYaml } from '../../src/mapping/read-yaml.ts';
import type { SourceDocument, SourceRecord } from '../../src/mapping/types.ts';
import { readNetwork } from '../../src/network/read.ts';

/** The day on which everything golden was mapped. */
export const goldenDay = '2026-11-22';
export const goldenFolder = 'test/fixtures/mapping';

export function yamlDocument(file: string): SourceDocument {
  const { document, issues } = readYaml(readFileSync(file, 'utf8'), file);
  if (!document) throw new Error(`${file}: ${JSON.stringify(issues)}`);
  return document;
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

export function shippedLibrary(): MappingLibrary {
  return {
    codes: yamlFiles('mappings/codes').map(yamlDocument),
    parts: yamlFiles('mappings').map(yamlDocument),
  };
}

/** The mapping of each kind, by kind. */
export function shippedMappings(): Map<string, SourceDocument> {
  const kinds = readdirSync('mappings', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(`mappings/${entry.name}`).includes('mapping.yaml'))
    .map((entry) => entry.name);
  return new Map(kinds.map((kind) => [kind, yamlDocument(`mappings/${kind}/mapping.yaml`)]));
}

/** Example networks first, then the records of the fixtures. */
export async function records(): Promise<SourceRecord[]> {
  const files = [...yamlFiles('examples/networks'), ...yamlFiles(join(goldenFolder, 'records'))];
  return Promise.all(
    files.map(async (file) => {
      const { network, issues } = await readNetwork(file);
      if (!network || issues.length) throw new Error(`${file}: ${JSON.stringify(issues)}`);
      return network;
    }),
  );
}
