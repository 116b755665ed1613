/** FHIR periods against an instant; a partial date covers all of its day, month or year. */

type Bounds = { start?: string | undefined; end?: string | undefined };

/** True when `now` lies in the period; a missing bound is open (FHIR R4 Period). */
export function covers(period: Bounds | undefined, now: Date): boolean {
  const { start, end } = period ?? {};
  return (start === undefined || !isBefore(now, start)) && (end === undefined || !isAfter(now, end));
}

/** True when the instant lies before everything that the dateTime denotes. */
export function isBefore(now: Date, dateTime: string): boolean {
  return compare(now, dateTime) < 0;
}

/** True when the instant lies after everything that the dateTime denotes. */
export function isAfter(now: Date, dateTime: string): boolean {
  return compare(now, dateTime) > 0;
}

/** Unreadable dates compare as NaN, so that they neither lie before nor after: the profile refuses them earlier. */
function compare(now: Date, dateTime: string): number {
  if (dateTime.includes('T')) return now.getTime() - Date.parse(dateTime);
  const sameLength = now.toISOString().slice(0, dateTime.length);
  return sameLength < dateTime ? -1 : sameLength > dateTime ? 1 : 0;
}
