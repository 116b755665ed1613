/**
 * Writes the pages of the implementation guide, `docs/ig/`, from `profiles/generated`, `mappings/` and the golden files.
 *   node scripts/guide.ts           writes them
 *   node scripts/guide.ts --check   exits 1 when what is committed is not what the definitions say
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { goldenExamples } from './guide/examples.ts';
import { indexPage } from './guide/index-page.ts';
import { kindsPage } from './guide/kinds-page.ts';
import { createLinks } from './guide/links.ts';
import { extensionsPage, profilePage } from './guide/profile-page.ts';
import { isProfile, readGuide, root } from './guide/resources.ts';
import { capabilityPage, searchParametersPage } from './guide/rest-pages.ts';
import { codeSystemsPage, conceptMapsPage, valueSetsPage } from './guide/terminology-pages.ts';

const folder = join(root, 'docs', 'ig');

function pages(): Map<string, string> {
  const guide = readGuide();
  const links = createLinks(guide);
  const has = (type: string): boolean => guide.some(({ resourceType }) => resourceType === type);
  return new Map<string, string>([
    ...[...goldenExamples()].map(([id, text]) => [`examples/${id}.json`, text] as const),
    ['index.md', indexPage(guide, links)],
    ['kinds.md', kindsPage(guide, links)],
    ...guide.filter(isProfile).map((one) => [`${one.id}.md`, profilePage(one, links)] as const),
    ['extensions.md', extensionsPage(guide, links)],
    ['code-systems.md', codeSystemsPage(guide, links)],
    ['value-sets.md', valueSetsPage(guide, links)],
    ...(has('ConceptMap') ? [['concept-maps.md', conceptMapsPage(guide, links)] as const] : []),
    ...(has('SearchParameter')
      ? [['search-parameters.md', searchParametersPage(guide, links)] as const]
      : []),
    ...(has('CapabilityStatement')
      ? [['capability-statements.md', capabilityPage(guide, links)] as const]
      : []),
  ]);
}

const written = pages();
if (process.argv.includes('--check')) {
  const present = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name))
    : [];
  const stale = [...new Set([...written.keys(), ...present])].filter(
    (name) => !present.includes(name) || written.get(name) !== readFileSync(join(folder, name), 'utf8'),
  );
  for (const name of stale) console.error(`docs/ig/${name} n'est pas ce que disent profiles/ et mappings/`);
  if (stale.length) console.error('Relancer : npm run build:guide');
  process.exitCode = stale.length ? 1 : 0;
} else {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'examples'), { recursive: true });
  for (const [name, content] of written) writeFileSync(join(folder, name), content);
  console.log(`${written.size} pages et exemples dans docs/ig`);
}
