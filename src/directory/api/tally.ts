import type { Tally } from '../types.ts';

/** What was done since the last page; counting begins anew. */
export function taken(tally: Required<Tally>): Tally {
  const now = { ...tally };
  for (const name of Object.keys(tally) as (keyof Tally)[]) tally[name] = 0;
  return now;
}
