/** A clock for nights in which real requests are answered at real speed and every wait costs nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';

export type NightClock = Clock & {
  /** Puts the clock forward to an instant of the directory; it never goes back. */
  set(instant: number): void;
  /** A request is on its way: no time passes for those who wait beside it. */
  during<T>(work: Promise<T>): Promise<T>;
  stop(): void;
};

type Sleeper = { at: number; wake: () => void };

/** Real milliseconds without a request before time jumps to the next sleeper. */
const quietMs = 1;

export function nightClock(): NightClock {
  let now = 0;
  let underWay = 0;
  let stopped = false;
  let sleepers: Sleeper[] = [];
  let running = false;

  /** Runs while anybody sleeps. */
  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (sleepers.length > 0 && !stopped) {
      await pause(quietMs);
      if (underWay > 0) continue; // whoever waits beside a request waits for it, too
      const next = sleepers.reduce((least, { at }) => Math.min(least, at), Infinity);
      if (next === Infinity) break; // all of them stopped waiting
      now = Math.max(now, next);
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    }
    running = false;
  }

  return {
    now: () => now,
    set: (instant) => void (now = Math.max(now, instant)),
    stop: () => void (stopped = true),
    sleep(ms, signal) {
      if (signal?.aborted || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const stop = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          resolve();
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', stop); // else a night's signal gathers one for each request
          resolve();
        };
        const sleeper = { at: now + ms, wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
        void run();
      });
    },
    async during(work) {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
      }
    },
  };
}
