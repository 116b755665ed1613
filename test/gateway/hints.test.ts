import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import { createHints } from '../../src/gateway/hints.ts';

/** Pauses end when the test says so. */
function heldClock(): Clock & { pass(): void } {
  let waiting: (() => void)[] = [];
  return {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    pass: () => {
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const warned: string[] = [];
const log = {
  info: () => undefined,
  error: () => undefined,
  warn: (event: string) => void warned.push(event),
};

describe('hints', () => {
  let stop: () => Promise<void> = async () => undefined;
  afterEach(() => stop());

  it('by the thousand are two looks at the server: one now, one after the pause', async () => {
    const clock = heldClock();
    const looks: string[] = [];
    const hints = createHints({ look: async (server) => void looks.push(server), clock, log });
    stop = () => hints.stop();
    for (let n = 0; n < 1000; n += 1) hints.hint('ville');
    hints.hint('vinatier');
    await settled();
    expect(looks).toEqual(['ville', 'vinatier']);
    hints.hint('ville');
    hints.hint('ville');
    await settled();
    expect(looks).toHaveLength(2);
    clock.pass();
    await settled();
    expect(looks).toEqual(['ville', 'vinatier', 'ville']);
  });

  it('go on after a look that failed', async () => {
    const clock = heldClock();
    let looks = 0;
    const look = async (): Promise<void> => {
      looks += 1;
      throw new Error('down');
    };
    const hints = createHints({ look, clock, log });
    stop = () => hints.stop();
    hints.hint('ville');
    await settled();
    clock.pass();
    await settled();
    hints.hint('ville');
    await settled();
    expect([looks, warned]).toEqual([2, ['notification.look-failed', 'notification.look-failed']]);
  });
});
