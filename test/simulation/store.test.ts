import { deliveryStoreContract } from '../contracts/delivery-store.ts';
import { createDatabase } from './database.ts';
import { seeded } from '../reliability/random.ts';
import { createScheduler } from './scheduler.ts';
import { memoryStore } from './store.ts';

deliveryStoreContract('the memory of the simulator', () => {
  const scheduler = createScheduler(seeded(1));
  const database = createDatabase(scheduler, () => new Error('down'));
  const store = memoryStore(database, scheduler.process('test'), () => scheduler.now());
  let closed = false;
  const pump = (async () => {
    while (!closed) await scheduler.run(() => closed, Infinity);
  })();
  return Promise.resolve({
    store,
    ids: (tenant) => {
      const own = database.committed('outbox').filter((row) => row['tenant'] === tenant);
      return Promise.resolve(own.map(({ id }) => Number(id)).sort((a, b) => a - b));
    },
    close: async () => {
      closed = true;
      await pump;
    },
  });
});
