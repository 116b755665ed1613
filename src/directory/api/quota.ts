/**
 * What an API key may ask for: so many requests in any second and in any minute, windows sliding. Requests are spaced
 * evenly a little below the slower of the two, so that what a network compresses on the way still stays below.
 * One quota serves all sources of a key in this process; two processes with one key have to share it out between them.
 */
import type { Clock } from '../../clock.ts';

export type Quota = {
  /** Waits for a turn, first come first served; rejects with the signal's reason. Answers how long it waited, ms. */
  take(signal: AbortSignal): Promise<number>;
  /** Nobody gets a turn before `untilMs` (a 429 with Retry-After). */
  pause(untilMs: number): void;
};

/** Distance between requests, and length of windows, beyond what the limits ask for: 2 % and 3 %. */
const spare = { gap: 1.02, window: 1.03 };
/** Turns that may be caught up after the process was busy. */
const burst = 2;

export type Limits = { perSecond: number; perMinute: number };

export function createQuota({ perSecond, perMinute }: Limits, clock: Clock): Quota {
  const gap = Math.max(1000 / perSecond, 60_000 / perMinute) * spare.gap;
  const windows = [
    window(perSecond, 1000 * spare.window),
    window(perMinute, 60_000 * (1 + (spare.window - 1) / 6)),
  ];
  let due = -Infinity;
  let pausedUntil = -Infinity;
  let last: Promise<unknown> = Promise.resolve();

  return {
    take(signal) {
      const began = clock.now();
      const turn = last.then(async () => {
        for (;;) {
          signal.throwIfAborted();
          const now = clock.now();
          const from = Math.max(due - burst * gap, pausedUntil, ...windows.map((one) => one.freeAt()));
          if (now >= from) {
            due = Math.max(due, now) + gap;
            for (const one of windows) one.note(now);
            return now - began;
          }
          await clock.sleep(Math.ceil(from - now), signal);
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    pause(untilMs) {
      pausedUntil = Math.max(pausedUntil, untilMs);
    },
  };
}

/** The instants of the last `most` requests, in a ring: one more is free when the oldest of them has left the window. */
function window(most: number, lengthMs: number): { freeAt(): number; note(now: number): void } {
  const ring = new Float64Array(most).fill(-Infinity);
  let next = 0;
  return {
    freeAt: () => ring[next]! + lengthMs,
    note(now) {
      ring[next] = now;
      next = (next + 1) % most;
    },
  };
}
