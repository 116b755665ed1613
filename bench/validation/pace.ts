/** How many items a second of processor several programs do, in turns so that a busy machine hits all alike. */
import { paceOf } from '../pace.ts';

/** Milliseconds of one repetition at least: a shorter one says more of the clock than of the program. */
const leastMs = 150;

/** Repetitions that are thrown away. */
export const warmUp = 2;

/** Items a second of processor of each pass, over some repetitions. */
export async function perSecond<K extends string>(
  passes: Record<K, { items: number; run: () => void }>,
  repetitions: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(passes) as K[];
  const paces = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let n = -warmUp; n < repetitions; n += 1) {
    for (const name of names) {
      const pace = await paceOf(passes[name].run, passes[name].items, leastMs);
      if (n >= 0) paces[name].push(pace);
    }
  }
  return paces;
}
