/** The code tables of `mappings/codes` as FHIR resources, by file name, for `scripts/profiles.ts` to write and to check. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyResource } from '../src/fhir/types.ts';
import { conceptMapsOf } from '../src/mapping/concept-map.ts';
import { readYaml } from '../src/mapping/read-yaml.ts';

export function conceptMaps(root: string, version: string): Map<string, AnyResource> {
  const folder = join(root, 'mappings', 'codes');
  const documents = readdirSync(folder)
    .sort()
    .map((name) => {
      const { document, issues } = readYaml(
        readFileSync(join(folder, name), 'utf8'),
        `mappings/codes/${name}`,
      );
      if (!document) throw new Error(JSON.stringify(issues));
      return document;
    });
  return new Map(conceptMapsOf(documents, version).map((one) => [`${one.resourceType}-${one.id}.json`, one]));
}
