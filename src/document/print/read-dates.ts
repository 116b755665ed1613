/** FHIR dates and instants as a French reader expects them, with the wall-clock time that was written. */
import type { Period } from '../../fhir/types.ts';

/** `2026-11-20` as 20/11/2026; years and months stay as short as they are. */
export function dayAsRead(date: string): string {
  return date.slice(0, 10).split('-').reverse().join('/');
}

/** `2026-11-20T16:30:00+01:00` as 20/11/2026 à 16 h 30; only UTC, which no wall clock in France shows, is named. */
export function momentAsRead(moment: string): string {
  const time = /T(\d{2}):(\d{2})/.exec(moment);
  if (!time) return dayAsRead(moment);
  return `${dayAsRead(moment)} à ${time[1]} h ${time[2]}${moment.endsWith('Z') ? ' (UTC)' : ''}`;
}

/** Both ends, one day, one of them, or that there are none. */
export function periodAsRead({ start, end }: Period): string {
  if (start && end && dayAsRead(start) === dayAsRead(end)) return `le ${dayAsRead(start)}`;
  if (start && end) return `du ${dayAsRead(start)} au ${dayAsRead(end)}`;
  if (start) return `depuis le ${dayAsRead(start)}`;
  return end ? `jusqu’au ${dayAsRead(end)}` : 'dates inconnues';
}
