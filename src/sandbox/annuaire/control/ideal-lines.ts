/** What an ideal reader could know today, as lines of JSON. */
import { idealReader } from '../population/ideal.ts';
import type { Population } from '../population/types.ts';
import { ControlFault } from './fault.ts';

/**
 * `query` may say: `from`, the day on which reading began (its number from the start); `complete`, the days whose reading
 * was a complete one, with commas (all without it); `resources=true`, the resource as it was shown last.
 */
export async function* idealLines(population: Population, query: URLSearchParams): AsyncGenerator<string> {
  const { startNumber } = population;
  const days = query.get('complete')?.split(',').map(dayOf);
  const complete = days && new Set(days.map((day) => day + startNumber));
  const from = query.has('from') ? dayOf(query.get('from')!) + startNumber : startNumber;
  const options = { from, ...(complete ? { complete: (day: number) => complete.has(day) } : {}) };
  for await (const record of idealReader(population, options)) {
    const { type, key, state, digest, lastSeen } = record;
    yield JSON.stringify({
      ...{ type, key, state, digest, lastSeen: population.dateOf(lastSeen) },
      ...(query.get('resources') === 'true' ? { resource: record.resource() } : {}),
    });
  }
}

function dayOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ControlFault(400, '"from" and "complete" take days by their number from the start');
}
