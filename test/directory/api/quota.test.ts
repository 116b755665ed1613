import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createQuota } from '../../../src/directory/api/quota.ts';
import { retryAfter } from '../../../src/directory/api/retry-after.ts';
import { busyClock } from '../busy-clock.ts';

/** Most instants inside any window of that length that begins with one of them. */
function most(at: readonly number[], lengthMs: number): number {
  let first = 0;
  return at.reduce((highest, now, index) => {
    while (at[first]! <= now - lengthMs) first += 1;
    return Math.max(highest, index - first + 1);
  }, 0);
}

describe('the quota of a key', () => {
  it('is never exceeded in any second or minute, however callers come, and is used up to 95 % by those who always come', async () => {
    const limits = fc.constantFrom(
      { perSecond: 17, perMinute: 1000 },
      { perSecond: 5, perMinute: 300 },
      { perSecond: 50, perMinute: 400 },
    );
    const pauses = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        limits,
        pauses,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (limit, idle, callers, greedy) => {
          const clock = busyClock();
          const quota = createQuota(limit, clock);
          const at: number[] = [];
          const end = clock.now() + 150_000;
          const call = async (n: number): Promise<void> => {
            for (let turn = n; clock.now() < end; turn += 1) {
              await quota.take(new AbortController().signal);
              at.push(clock.now());
              await clock.sleep(greedy ? 1 : idle[turn % idle.length]!);
            }
          };
          await clock.until(Promise.all(Array.from({ length: callers }, (_, n) => call(n))));
          expect(most(at, 1000)).toBeLessThanOrEqual(limit.perSecond);
          expect(most(at, 60_000)).toBeLessThanOrEqual(limit.perMinute);
          const possible = Math.min(limit.perSecond * 60, limit.perMinute);
          if (greedy) expect(most(at, 60_000)).toBeGreaterThanOrEqual(0.95 * possible);
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });

  it('is held back by a pause, and an abort leaves it to others', async () => {
    const clock = busyClock();
    const quota = createQuota({ perSecond: 17, perMinute: 1000 }, clock);
    const began = clock.now();
    quota.pause(began + 5000);
    const stop = new AbortController();
    const left = quota.take(stop.signal).catch((reason: unknown) => reason);
    stop.abort();
    expect(await clock.until(left)).toBeInstanceOf(DOMException);
    await clock.until(quota.take(new AbortController().signal));
    expect(clock.now() - began).toBeGreaterThanOrEqual(5000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['3', 3000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['Thu, 01 Jan 1969 00:00:00 GMT', 0],
    ['1e9', undefined],
    ['-1', undefined],
    ['', undefined],
    ['999999999999', 600_000],
  ])('%s is %s ms', (text, expected) => {
    expect(retryAfter(text, 0)).toBe(expected);
  });
});
