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

/**
 * Real milliseconds without a request before time jumps to the next sleeper. Who waits long (a lease to be prolonged) is
 * reached when nothing else goes on: the database may be working meanwhile.
 */
const quietMs = { near: 1, far: 25 };
const farMs = 1000;

export function nightClock(): NightClock {
  let now = 0;
  let underWay = 0;
  let stopped = false;
  let sleepers: Sleeper[] = [];
  let running = false;
  let idle = (): void => undefined;

  const soonest = (): number => sleepers.reduce((least, { at }) => Math.min(least, at), Infinity);

  /** Runs while anybody sleeps. */
  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (sleepers.length > 0 && !stopped) {
      // whoever waits beside a request waits for it, too
      if (underWay > 0) await new Promise<void>((resolve) => (idle = resolve));
      const far = soonest() - now > farMs;
      await pause(far ? quietMs.far : quietMs.near);
      const next = soonest();
      if (underWay > 0 || (!far && next - now > farMs && next !== Infinity)) continue;
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
        if (underWay === 0) idle();
      }
    },
  };
}
