import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { enqueue } from '../../src/delivery/enqueue.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

it('P16: the only owner of a database takes up at once what its dead predecessor was sending', async () => {
  const { store } = database;
  const item = { tenant: 'a', lane: 'clinical', serverId: 's', subject: 'r', kind: 'k' } as const;
  const body = { resourceType: 'Task', status: 'requested', intent: 'order' };
  const entries = [{ type: 'Task', key: 'urn:a|1', body }];
  await store.transaction((tx) => enqueue(tx, [{ ...item, entries }], systemClock));
  const now = new Date(Date.now() + 1000);
  const from = [{ serverId: 's', lane: 'clinical', limit: 1 }] as const;
  const claim = { from, leftBehind: true, owner: 'dead', now, leaseMs: 60_000 };
  const [held] = await store.outbox.claim(claim);
  expect(await store.outbox.due(['s'], now)).toEqual([]);
  await store.outbox.freeLeases();
  expect(await store.outbox.due(['s'], now)).toEqual([{ serverId: 's', lane: 'clinical' }]);
  const [again] = await store.outbox.claim({ ...claim, owner: 'living' });
  expect(again!.fence).toBe(held!.fence + 1);
});
