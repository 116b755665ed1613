import { expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { createDelivery } from '../../src/delivery/create-delivery.ts';
import type { DeliveryStore } from '../../src/delivery/port.ts';
import { createLog } from '../../src/log.ts';
import { testClock } from './world.ts';

it('claims at every wake, and looks at what time alone brings about no more than twice a second', async () => {
  const counts = { claim: 0, expire: 0 };
  const nothing = <T>(of: keyof typeof counts, answer: T) => {
    return (): Promise<T> => {
      counts[of] += 1;
      return Promise.resolve(answer);
    };
  };
  const clock = testClock();
  const delivery = createDelivery({
    store: {
      outbox: { claim: nothing('claim', []), expire: nothing('expire', []) },
      onOutbox: () => Promise.resolve(() => Promise.resolve()),
    } as unknown as DeliveryStore,
    servers: new Map([['a', {} as never]]),
    serverConfigs: [],
    ...{ clock, ids: systemIds, log: createLog('silent'), effects: new Map() },
    localId: () => 'x',
    documentBytes: () => Promise.reject(new Error('none')),
  });
  const wakeOften = async (): Promise<void> => {
    for (let n = 0; n < 10; n += 1) {
      delivery.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  delivery.start();
  await wakeOften();
  expect(counts.claim).toBeGreaterThan(5);
  expect(counts.expire).toBe(1);
  clock.advance(500);
  await wakeOften();
  expect(counts.expire).toBe(2);
  clock.advance(-3_600_000); // set back
  await wakeOften();
  expect(counts.expire).toBe(3);
  await delivery.stop();
});
