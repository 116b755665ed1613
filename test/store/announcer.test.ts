import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnnouncer } from '../../src/store/announcer.ts';

describe('an announcer of outbox items', () => {
  it('tells its own process at once and others together', async () => {
    let [own, others] = [0, 0];
    const announcer = createAnnouncer(() => Promise.resolve((others += 1)));
    const unhear = announcer.hear(() => (own += 1));
    for (let n = 0; n < 20; n += 1) announcer.say();
    expect([own, others]).toEqual([20, 1]);
    while (others < 2) await sleep(5);
    unhear();
    announcer.say();
    await announcer.end();
    expect([own, others]).toEqual([20, 3]);
  });

  it('tells others before it ends, whatever became of the time before', async () => {
    let asked = 0;
    const announcer = createAnnouncer(() => {
      asked += 1;
      return Promise.reject(new Error('database gone'));
    });
    announcer.say();
    announcer.say();
    const start = performance.now();
    await announcer.end();
    expect(asked).toBe(2);
    expect(performance.now() - start).toBeLessThan(45);
  });
});
