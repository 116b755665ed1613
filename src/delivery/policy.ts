/** Numbers that delivery obeys; all times in milliseconds. */
export type Policy = {
  /** A claim not prolonged for this long is free for another gateway. */
  leaseMs: number;
  heartbeatMs: number;
  /** The outbox is looked at this often even when nobody announces anything. */
  pollMs: number;
  /** Behind a backlog, places that come free within this time are filled by one claim. */
  gatherMs: number;
  /** Retries wait a random part of `baseMs` × 2^attempt, at most `capMs`; Retry-After is honoured up to `retryAfterCapMs`. */
  baseMs: number;
  capMs: number;
  retryAfterCapMs: number;
  /** Time to live of an item that names none. */
  ttlMs: number;
  /** Attempts after which a conflict that reading back does not settle, or a fault of ours, is parked. */
  conflictAttempts: number;
  faultAttempts: number;
  /** Failures in a row after which a server counts as unreachable, and how often it is then tried. */
  failuresToOpen: number;
  probeEveryMs: number;
  /**
   * Items of one server under way at once, by lane: publication never starves clinical exchange (P-28). More than connections
   * (`maxConnections`, 4): an item is at the database most of its time, and the server is asked by no more than those at once.
   */
  slots: { clinical: number; publication: number };
  /** After this long a stopping gateway hands back what is still under way. */
  stopMs: number;
};

export const defaultPolicy: Policy = {
  leaseMs: 4_000,
  heartbeatMs: 1_000,
  pollMs: 1_000,
  gatherMs: 5,
  baseMs: 1_000,
  capMs: 5 * 60_000,
  retryAfterCapMs: 60 * 60_000,
  ttlMs: 72 * 60 * 60_000,
  conflictAttempts: 8,
  faultAttempts: 5,
  failuresToOpen: 3,
  probeEveryMs: 30_000,
  slots: { clinical: 8, publication: 2 },
  stopMs: 1_500,
};

/**
 * How long to wait before the next attempt: exponential with full jitter, never shorter than what the server asked for.
 * `fraction` is a random number in [0, 1), `attempts` those already made.
 */
export function retryDelay(
  policy: Policy,
  attempts: number,
  fraction: number,
  retryAfterMs: number | undefined,
): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempts - 1, 30));
  const asked = Math.min(retryAfterMs ?? 0, policy.retryAfterCapMs);
  return Math.max(Math.round(fraction * ceiling), asked);
}
