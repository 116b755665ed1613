/** Periods of days: what is in force on a day (design.md rule 2: time is data). */
import type { Json } from '../fhir/types.ts';

/**
 * True when the day (`YYYY-MM-DD`) lies between start and end. Both belong to the period (FHIR R4 Period);
 * a missing end is open; a year or a month stands for all its days.
 */
export function inForce(start: Json | undefined, end: Json | undefined, day: string): boolean {
  if (typeof start === 'string' && start > day.slice(0, start.length)) return false;
  return !(typeof end === 'string' && end < day.slice(0, end.length));
}
