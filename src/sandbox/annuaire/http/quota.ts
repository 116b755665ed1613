/** The quota of a key as an API gateway enforces it: so many calls in any second and in any minute (french-standards §3.2). */

export type QuotaLimits = {
  /** Calls in any second of the clock; undefined: no limit. */
  perSecond?: number;
  /** Calls in any minute of the clock; undefined: no limit. */
  perMinute?: number;
};

/** Which limit refused, and when (ms of the clock) the next call would pass. */
export type QuotaRefusal = { limit: number; windowMs: number; freeAt: number };

export type Quota = {
  /** Counts a call at `now`; a refused one is not counted. */
  take(key: string, now: number): QuotaRefusal | undefined;
  /** Calls still free for a key. */
  left(key: string, now: number): { perSecond?: number; perMinute?: number };
  limits(): QuotaLimits;
  /** Changes the limits; what was counted is forgotten. */
  setLimits(limits: QuotaLimits): void;
};

/** Keys remembered at most; the oldest is forgotten. */
const mostKeys = 1000;

/**
 * Sliding windows, the strictest reading of the published limits: whoever passes here passes any fixed window or token
 * bucket of the same size.
 */
export function createQuota(limits: QuotaLimits): Quota {
  let current = limits;
  let keys = new Map<string, Window[]>();

  const windowsOf = (key: string): Window[] => {
    const known = keys.get(key);
    if (known) return known;
    const made: Window[] = [];
    if (current.perSecond !== undefined) made.push(createWindow(current.perSecond, 1000));
    if (current.perMinute !== undefined) made.push(createWindow(current.perMinute, 60_000));
    keys.set(key, made);
    const [oldest] = keys.keys();
    if (keys.size > mostKeys && oldest !== undefined) keys.delete(oldest);
    return made;
  };

  return {
    take(key, now) {
      const windows = windowsOf(key);
      for (const window of windows) {
        const freeAt = window.freeAt(now);
        if (freeAt > now) return { limit: window.limit, windowMs: window.lengthMs, freeAt };
      }
      for (const window of windows) window.add(now);
      return undefined;
    },
    left(key, now) {
      const [perSecond, perMinute] = [1000, 60_000].map((length) =>
        windowsOf(key)
          .find((one) => one.lengthMs === length)
          ?.left(now),
      );
      return {
        ...(perSecond === undefined ? {} : { perSecond }),
        ...(perMinute === undefined ? {} : { perMinute }),
      };
    },
    limits: () => ({ ...current }),
    setLimits(next) {
      current = next;
      keys = new Map();
    },
  };
}

type Window = {
  limit: number;
  lengthMs: number;
  /** The first instant, `now` or later, at which a call passes. */
  freeAt(now: number): number;
  add(now: number): void;
  left(now: number): number;
};

/** A ring of the instants of the last `limit` calls: the oldest tells whether one more fits. */
function createWindow(limit: number, lengthMs: number): Window {
  const ring = new Float64Array(Math.max(limit, 1)).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    limit,
    lengthMs,
    freeAt: (now) => (limit === 0 ? now + lengthMs : Math.max(now, ring[next]! + lengthMs)),
    add(now) {
      ring[next] = now;
      next = (next + 1) % ring.length;
    },
    left: (now) => (limit === 0 ? 0 : ring.reduce((free, at) => free + (at + lengthMs <= now ? 1 : 0), 0)),
  };
}
