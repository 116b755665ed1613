import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { fewAtOnce } from '../../src/api/few-at-once.ts';

describe('referrals that take turns', () => {
  /** Work that ends when it is told to. */
  const job = (begun: string[], name: string) => {
    const end = Promise.withResolvers<string>();
    return {
      ...end,
      work: () => {
        begun.push(name);
        return end.promise;
      },
    };
  };

  it('are worked on a few at once, in the order of coming, whether those before succeed or not', async () => {
    const begun: string[] = [];
    const inTurn = fewAtOnce(2, 10_000);
    const jobs = ['a', 'b', 'c', 'd'].map((name) => job(begun, name));
    const done = jobs.map(({ work }) => inTurn(work));
    await turn();
    expect(begun).toEqual(['a', 'b']);
    jobs[1]!.reject(new Error('refused'));
    await expect(done[1]).rejects.toThrow('refused');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    jobs[0]!.resolve('A');
    expect(await done[0]).toBe('A');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    jobs[2]!.resolve('C');
    jobs[3]!.resolve('D');
    expect(await Promise.all(done.slice(2))).toEqual(['C', 'D']);
    expect(await inTurn(() => Promise.resolve('e'))).toBe('e');
  });

  it('are told to come again when none came in time, and take nobody else’s', async () => {
    const begun: string[] = [];
    const inTurn = fewAtOnce(1, 20);
    const [first, late] = [job(begun, 'first'), job(begun, 'late')];
    const done = inTurn(first.work);
    await expect(inTurn(late.work)).rejects.toMatchObject({ category: 'unavailable', retryAfterMs: 1000 });
    first.resolve('done');
    await done;
    expect(await inTurn(() => Promise.resolve('next'))).toBe('next');
    expect(begun).toEqual(['first']);
  });
});
