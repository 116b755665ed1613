/**
 * Writes `mappings/places.json`: regions by the word of network files, their départements. From INSEE's official
 * geographic code (code officiel géographique) as @etalab/decoupage-administratif packs it.
 *   node scripts/places.ts           writes it
 *   node scripts/places.ts --check   exits 1 when what is committed is not what the package says
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const target = join(root, 'mappings', 'places.json');
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

if (process.argv[1] === import.meta.filename) {
  const text = placesText();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('mappings/places.json est périmé : node scripts/places.ts');
    process.exitCode = 1;
  }
}
