/**
 * Writes `src/sandbox/annuaire/data/communes.json`: the most populated communes of each département and those the example
 * networks name, from INSEE's official geographic code (@etalab/decoupage-administratif). The package has no coordinates:
 * a commune gets the rounded position of its département's chief town, moved by a few kilometres that follow from its
 * code. Good enough to be near or far in an emulated directory; not a gazetteer.
 *   node scripts/emulated-communes.ts           writes it
 *   node scripts/emulated-communes.ts --check   exits 1 when what is committed is not what the package says
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const target = join(root, 'src/sandbox/annuaire/data/communes.json');
const data = join(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif'), '..', 'data');
const perDepartment = 8;
/** Named by the networks under examples/. */
const always = new Set(['83009', '04070', '04112', '83130', '83131', '83132']);

type Row = {
  code: string;
  nom: string;
  departement?: string;
  region?: string;
  type: string;
  codesPostaux?: string[];
  population?: number;
};

/** Chief towns, rounded to a tenth of a degree: latitude, longitude. */
const chiefTowns: Record<string, readonly [number, number]> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'chief-towns.json'), 'utf8'),
) as Record<string, [number, number]>;

/** A number in [−1, 1) that follows from a commune's code. */
function shift(code: string, salt: number): number {
  let mixed = salt;
  for (const letter of code) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return (mixed % 2000) / 1000 - 1;
}

/** The text of `communes.json`: one commune a line, `[code, name, postcode, département, région, lat, lon, weight]`. */
export function communesText(): string {
  const rows = (JSON.parse(readFileSync(join(data, 'communes.json'), 'utf8')) as Row[]).filter(
    (row) => row.type === 'commune-actuelle' && row.departement && chiefTowns[row.departement],
  );
  const byDepartment = Map.groupBy(rows, (row) => row.departement!);
  const kept = [...byDepartment.values()].flatMap((own) => {
    const sorted = own.toSorted((a, b) => (b.population ?? 0) - (a.population ?? 0));
    return sorted.filter((row, rank) => rank < perDepartment || always.has(row.code));
  });
  const lines = kept
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map((row) => {
      const [lat, lon] = chiefTowns[row.departement!]!;
      const metropolitan = !row.departement!.startsWith('97');
      const reach = metropolitan ? 0.22 : 0.03;
      const first = byDepartment
        .get(row.departement!)!
        .every((o) => (o.population ?? 0) <= (row.population ?? 0));
      const moved = (value: number, salt: number): number =>
        Number((value + (first ? 0 : reach * shift(row.code, salt))).toFixed(3));
      const weight = Math.max(1, Math.round(Math.sqrt(row.population ?? 1)));
      return JSON.stringify([
        row.code,
        row.nom,
        row.codesPostaux?.[0] ?? '',
        row.departement,
        row.region,
        moved(lat, 17),
        moved(lon, 71),
        weight,
      ]);
    });
  return `[\n${lines.join(',\n')}\n]\n`;
}

if (process.argv[1] === import.meta.filename) {
  const text = communesText();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${target} est périmé : node scripts/emulated-communes.ts`);
    process.exitCode = 1;
  }
}
