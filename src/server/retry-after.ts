/** `Retry-After` (RFC 9110 §10.2.3): seconds or an HTTP date. A server may ask for anything; what it gets is bounded. */

/** Longest wait that a server can impose: one hour, in milliseconds. */
export const longestWaitMs = 3_600_000;

/** Milliseconds to wait from `nowMs`; undefined when the header is absent or makes no sense. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : dateOf(text) - nowMs;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWaitMs);
}

/** HTTP dates begin with the day's name; `Date.parse` alone would take `-1` for a year. */
function dateOf(text: string): number {
  return /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
}
