/** A clock that stands until it is set; what sleeps wakes when its time has come. */
import type { Clock } from '../../src/clock.ts';

export type VirtualClock = Clock & { set(instant: string): void; advance(ms: number): void };

export function virtualClock(start: string): VirtualClock {
  let now = Date.parse(start);
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const advance = (ms: number) => {
    now += ms;
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
        function wake(): void {
          sleepers.delete(sleeper);
          resolve();
        }
      }),
    set: (instant) => advance(Date.parse(instant) - now),
    advance,
  };
}
