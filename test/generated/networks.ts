/** Networks nobody wrote: valid ones of every kind there is, by chance and the same again for the same seed. */
import fc from 'fast-check';
import type { JsonObject } from '../../src/fhir/types.ts';
import type { Kinds } from '../network/project.ts';
import { numbering } from './numbers.ts';
import { repaired } from './repair.ts';
import { kindNames, schemaOf } from './schemas.ts';
import { valuesOf } from './values.ts';

export type Generated = { kind: string; id: string; data: JsonObject };

/** How often networks are drawn again for those that could not be made valid. */
const lots = 5;

export type Generation = { kinds: Kinds; at: string; seed: number; count: number };

/** `count` networks, the kinds in turn, without an error on the day `at`; `refused` had to be thrown away. */
export function generateNetworks({ kinds, at, seed, count }: Generation): {
  networks: Generated[];
  refused: number;
} {
  const networks: Generated[] = [];
  const number = numbering(seed);
  let refused = 0;
  for (const [place, name] of kindNames.entries()) {
    const kind = kinds.get(name)!;
    const wanted = Math.ceil((count - place) / kindNames.length);
    const values = valuesOf(schemaOf(name));
    let [made, index] = [0, 0];
    for (let lot = 0; lot < lots && made < wanted; lot += 1) {
      const few = wanted - made;
      const draws = fc.sample(values, {
        seed: seed + place + lot * 7919,
        numRuns: few + Math.ceil(few / 20) + 2,
      });
      for (const draw of draws as JsonObject[]) {
        if (made === wanted) break;
        const id = `gen-${seed}-${name}-${index}`.slice(0, 48);
        const data = repaired({ ...draw, kind: name, id }, { kind, at, seed: seed * 1000 + index });
        index += 1;
        if (!data) refused += 1;
        else {
          number(data, name);
          networks.push({ kind: name, id, data });
          made += 1;
        }
      }
    }
    if (made < wanted)
      throw new Error(`${name}: only ${made} of ${wanted} generated networks could be made valid`);
  }
  return { networks, refused };
}
