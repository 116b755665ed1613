import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

export type BusyClock = Clock & {
  /** Time stands while something outside this clock is done: a request on a socket. */
  stand<T>(work: Promise<T>): Promise<T>;
  /** Runs time forward, from sleeper to sleeper, until the work is settled. */
  until<T>(work: Promise<T>): Promise<T>;
};

/** Turns of the event loop without any sleeper waking before time moves on: all that can run without time has run. */
const quietTurns = 3;

/** A clock for work that waits for nothing but this clock: an hour of it costs what is done in it. */
export function busyClock(start = Date.UTC(2026, 10, 1, 2)): BusyClock {
  let now = start;
  let standing = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((one) => one !== sleeper);
            resolve();
          },
          { once: true },
        );
      });
    },
    async stand(work) {
      standing += 1;
      return work.finally(() => (standing -= 1));
    },
    async until(work) {
      let settled = false;
      const noted = work.finally(() => (settled = true));
      noted.catch(() => undefined);
      while (!settled) {
        for (let turn = 0; turn < quietTurns && !settled; turn += 1) await setImmediate();
        if (standing > 0) {
          await setTimeout(1);
          continue;
        }
        const next = sleepers.reduce((least, { at }) => Math.min(least, at), Infinity);
        if (settled || next === Infinity) continue;
        now = Math.max(now, next);
        const due = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of due) wake();
      }
      return noted;
    },
  };
}
