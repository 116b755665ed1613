/** Days and instants as a scenario writes them: a number from the start, a date, an instant in UTC. */
import { dayMs } from '../time.ts';

export type When = number | string;

/** A day that exists. */
export function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The date of a day; undefined for one that does not exist. */
export function dateOfDay(day: When, start: string): string | undefined {
  if (typeof day === 'string') return isDate(day) ? day : undefined;
  return new Date(Date.parse(`${start}T00:00:00Z`) + day * dayMs).toISOString().slice(0, 10);
}

/** When something written begins and, of a whole day, ends, ms. */
export function spanOf(when: When, start: string): { from: number; to: number } | undefined {
  if (typeof when === 'string' && when.includes('T')) {
    const at = Date.parse(when);
    return Number.isNaN(at) ? undefined : { from: at, to: at };
  }
  const date = dateOfDay(when, start);
  if (date === undefined) return undefined;
  const from = Date.parse(`${date}T00:00:00Z`);
  return { from, to: from + dayMs };
}
