/** `Retry-After` of a directory (RFC 9110 §10.2.3): seconds or an HTTP date, whatever it says within bounds. */

/** Longest wait that a directory can impose at a time: ten minutes. */
export const longestPauseMs = 600_000;

/** Milliseconds from `nowMs`; undefined when the header is absent or makes no sense (negative, a word). */
export function retryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /^[A-Za-z]{3,9},? /.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestPauseMs);
}
