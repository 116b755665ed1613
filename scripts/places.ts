/**
 * Writes `mappings/places.json`: regions by the word of network files, their départements; and `mappings/communes.csv`:
 * INSEE code, name and postal codes of each commune. From INSEE's official geographic code (code officiel géographique) as
 * @etalab/decoupage-administratif packs it.
 *   node scripts/places.ts           writes them
 *   node scripts/places.ts --check   exits 1 when what is committed is not what the package says
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const data = join(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif'), '..', 'data');

type Place = { code: string; nom: string; region?: string };
type RegionTable = { codes: Record<string, { code: string }> };

/** The text of `mappings/places.json`. */
export function placesText(): string {
  const read = (name: string): Place[] =>
    JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8')) as Place[];
  const table = parse(readFileSync(join(root, 'mappings/codes/region.yaml'), 'utf8')) as RegionTable;
  const names = new Map(read('regions').map(({ code, nom }) => [code, nom]));
  const departments = read('departements');
  const regions = Object.entries(table.codes).map(([word, { code }]) => {
    const own = departments.filter(({ region }) => region === code);
    return [
      word,
      { nom: names.get(code), departements: Object.fromEntries(own.map((one) => [one.code, one.nom])) },
    ];
  });
  return `${JSON.stringify({ regions: Object.fromEntries(regions) as object }, null, 2)}\n`;
}

type Commune = { code: string; nom: string; type: string; codesPostaux?: string[] };

/** The text of `mappings/communes.csv`: present communes and the arrondissements of the three cities that have some. */
export function communesText(): string {
  const all = JSON.parse(readFileSync(join(data, 'communes.json'), 'utf8')) as Commune[];
  const present = all.filter(
    ({ type }) => type === 'commune-actuelle' || type === 'arrondissement-municipal',
  );
  const lines = present.map(({ code, nom, codesPostaux = [] }) => `${code};${nom};${codesPostaux.join(' ')}`);
  return `insee;nom;codes_postaux\n${lines.sort().join('\n')}\n`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of [
    ['places.json', placesText()],
    ['communes.csv', communesText()],
  ] as const) {
    const target = join(root, 'mappings', name);
    if (!process.argv.includes('--check')) writeFileSync(target, text);
    else if (readFileSync(target, 'utf8') !== text) {
      console.error(`mappings/${name} est périmé : node scripts/places.ts`);
      process.exitCode = 1;
    }
  }
}
