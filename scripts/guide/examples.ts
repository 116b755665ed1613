/** Examples of what networks publish: resources out of the golden Bundles, so that nothing is typed twice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Resource } from 'fhir/r4.js';

const root = join(import.meta.dirname, '../..');

/** Golden Bundles of networks that say most of what their kind can. */
const bundles = [
  'cso-filiere-inventee',
  'cpts-communaute-inventee',
  'ess-equipe-inventee',
  'coreso-le-vinatier',
];

let examples: ReadonlyMap<string, string> | undefined;

/** JSON by id of the profile: of the resources that name it, the one that says most. */
export function goldenExamples(): ReadonlyMap<string, string> {
  if (examples) return examples;
  const found = new Map<string, string>();
  for (const name of bundles) {
    const file = join(root, 'test', 'fixtures', 'mapping', `${name}.json`);
    const { entry = [] } = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
    for (const { resource } of entry) {
      const profile = profileOf(resource);
      const text = `${JSON.stringify(resource, null, 2)}\n`;
      if (profile && text.length > (found.get(profile)?.length ?? 0)) found.set(profile, text);
    }
  }
  examples = found;
  return found;
}

function profileOf(resource: Resource | undefined): string | undefined {
  return resource?.meta?.profile?.[0]?.split('/').at(-1);
}
