/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a day that exists (FHIR R4 date). */
export function isPartialDate(value: string): boolean {
  const match = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Compared as far as both dates go: `2024` is not before `2024-03`. Never true of what is no text. */
export function isBefore(earlier: unknown, later: unknown): boolean {
  if (typeof earlier !== 'string' || typeof later !== 'string') return false;
  const length = Math.min(earlier.length, later.length);
  return earlier.slice(0, length) < later.slice(0, length);
}

/** One of two dates is a year or a month in which the other one falls: which came first is not said. */
export function isUnclear(one: unknown, other: unknown): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length < long.length && long.startsWith(short);
}
