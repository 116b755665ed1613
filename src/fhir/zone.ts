/** Wall-clock times of a time zone as instants, also on the two days a year when the clock is moved. */

/** A day on which no clock is moved, in milliseconds. */
export const dayMs = 86_400_000;

/** A calendar day. */
export type Day = { year: number; month: number; day: number };

/** The calendar day of an instant in a zone. */
export function dayOf(instant: number, zone: string): Day {
  const wall = new Date(instant + offsetAt(instant, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** The following calendar day. */
export function nextDay({ year, month, day }: Day): Day {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

/**
 * Instants at which the clock shows a time on a day: one; two in the hour that is repeated in autumn; none in the hour
 * that is left out in spring. `shifted` is then the instant as far behind the change as the time lies in the gap.
 */
export function instantsOf(
  { year, month, day }: Day,
  hour: number,
  minute: number,
  zone: string,
): { shown: number[]; shifted: number } {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const before = wall - offsetAt(wall - dayMs, zone);
  const after = wall - offsetAt(wall + dayMs, zone);
  const shown = [...new Set([before, after])].filter((instant) => instant + offsetAt(instant, zone) === wall);
  return { shown: shown.sort((a, b) => a - b), shifted: before };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that a zone's clock is ahead of UTC at an instant. Throws a RangeError for an unknown zone. */
export function offsetAt(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
