/** The tables under data/, typed, with draws by weight. */
import codes from '../data/codes.json' with { type: 'json' };
import communeRows from '../data/communes.json' with { type: 'json' };
import names from '../data/names.json' with { type: 'json' };
import type { Code, Commune } from './facts.ts';

export { codes, names };

export type Profession = (typeof codes.professions)[number] & { degree?: string };
export type Category = (typeof codes.categories)[number];

type CommuneRow = [string, string, string, string, string, number, number, number];

export const communes: readonly Commune[] = (communeRows as CommuneRow[]).map(
  ([code, name, postcode, department, region, lat, lon]) => ({
    code,
    name,
    postcode,
    department,
    region,
    lat,
    lon,
  }),
);

/** Turns a number in [0, 1) into an index of a table, by the weights of its rows. */
export type Weighing = (part: number) => number;

function weigh(weights: readonly number[]): Weighing {
  const sums: number[] = [];
  let sum = 0;
  for (const weight of weights) sums.push((sum += weight));
  return (part) => {
    const wanted = part * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

export const weighCommune = weigh((communeRows as CommuneRow[]).map((row) => row[7]));
export const weighProfession = weigh(codes.professions.map(({ weight }) => weight));
export const weighCategory = weigh(codes.categories.map(({ weight }) => weight));
export const weighPracticeSector = weigh(codes.practiceSectors.map(({ weight }) => weight));

const knowHow = codes.knowHow as Record<string, (Code & { weight: number })[]>;
const weighings = new Map(
  Object.entries(knowHow).map(([profession, rows]) => [profession, weigh(rows.map((row) => row.weight))]),
);

/** A know-how of a profession, by weight; undefined where the profession has none. */
export function drawKnowHow(profession: string, part: number): Code | undefined {
  const row = weighings.get(profession);
  if (!row) return undefined;
  const { code, label } = knowHow[profession]![row(part)]!;
  return { code, label };
}

export function knowHowOf(code: string): Code | undefined {
  for (const rows of Object.values(knowHow)) {
    const row = rows.find((one) => one.code === code);
    if (row) return { code, label: row.label };
  }
  return undefined;
}

/** Share of the people of a profession who have a know-how. */
export function knowHowShare(profession: string): number {
  return (codes.knowHowShare as Record<string, number>)[profession] ?? 0;
}
