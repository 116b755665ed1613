/** Days by number: day `past` is the first of the population. */
import { draw } from './chance.ts';
import { past, type State } from './state.ts';
import { stream } from './streams.ts';

const dayMs = 86_400_000;

/** YYYY-MM-DD. */
export function dateOf(state: State, day: number): string {
  const known = state.dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(state.startMs + (day - past) * dayMs).toISOString().slice(0, 10);
  state.dates.set(day, date);
  return date;
}

/** Number of the day (UTC) in which an instant lies. */
export function dayOf(state: State, ms: number): number {
  return past + Math.floor((ms - state.startMs) / dayMs);
}

/**
 * When a record was last written, milliseconds since 1970: between one and five in the morning (UTC) of the day of its
 * change, so that a reader who comes later that day finds everything.
 */
export function instantOf(state: State, salt: number, index: number, changed: number): number {
  const into = 3_600_000 + (draw(state.seed, stream.instant, index, changed * 8 + salt) % 14_400_000);
  return state.startMs + (changed - past) * dayMs + into;
}

/** An instant as the API writes it. */
export function instantText(ms: number): string {
  return `${new Date(ms + 3_600_000).toISOString().slice(0, -1)}+01:00`;
}
