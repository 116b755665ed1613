/** `_lastUpdated` as an interval; the API keeps changes for 30 days and refuses to look further back (french-standards §3.2). */
import { dayMs } from '../time.ts';
import { SearchRefusal } from './refusal.ts';

/** From `from` (included) to `before` (excluded), ms. */
export type Interval = { from?: number; before?: number };

const form =
  /^(eq|gt|ge|lt|le)?(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** One value of the parameter. A time without zone is UTC. Throws 400 for another prefix, or no date. */
export function intervalOf(text: string): Interval {
  const match = form.exec(text);
  if (!match)
    throw refused(`Invalid value for _lastUpdated: prefixes eq, gt, ge, lt, le before a date or an instant`);
  const [, prefix = 'eq', year, month, day, clock, seconds, zone = 'Z'] = match;
  const start = Date.parse(
    `${year}-${month ?? '01'}-${day ?? '01'}T${clock ?? '00:00'}${seconds ?? ':00'}${zone}`,
  );
  if (Number.isNaN(start)) throw refused('Invalid value for _lastUpdated: no such date');
  const end = endOf(start, { month, day, clock, seconds });
  switch (prefix) {
    case 'gt':
      return { from: end };
    case 'ge':
      return { from: start };
    case 'lt':
      return { before: start };
    case 'le':
      return { before: end };
    default:
      return { from: start, before: end };
  }
}

/** Both conditions at once. */
export function narrowed(a: Interval, b: Interval): Interval {
  const from = Math.max(a.from ?? -Infinity, b.from ?? -Infinity);
  const before = Math.min(a.before ?? Infinity, b.before ?? Infinity);
  return {
    ...(from > -Infinity ? { from } : {}),
    ...(before < Infinity ? { before } : {}),
  };
}

/** Refuses an interval that begins before the first day of the window, or that has no beginning. */
export function checkWindow({ from }: Interval, now: number, windowDays: number): void {
  const first = Math.floor(now / dayMs - windowDays) * dayMs;
  if (from !== undefined && from >= first) return;
  throw refused(`_lastUpdated cannot go back more than ${windowDays} days`);
}

/** Where the span that the value names ends: its year, month, day, minute, second or millisecond. */
function endOf(
  start: number,
  parts: Record<'month' | 'day' | 'clock' | 'seconds', string | undefined>,
): number {
  if (parts.seconds?.includes('.')) return start + 1;
  if (parts.seconds) return start + 1000;
  if (parts.clock) return start + 60_000;
  if (parts.day) return start + dayMs;
  const date = new Date(start);
  if (parts.month) return date.setUTCMonth(date.getUTCMonth() + 1);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}

function refused(text: string): SearchRefusal {
  return new SearchRefusal(400, 'value', text);
}
