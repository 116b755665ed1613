import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshDatabase } from '../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const lease = 60_000;

it('writes a lease anew only when a quarter of it is used up', async () => {
  const { store } = database;
  const at = new Date('2026-01-05T08:00:00Z');
  await store.outbox.add([
    {
      ...{
        tenant: 't',
        lane: 'clinical',
        serverId: 's',
        subject: 'a',
        kind: 'k',
        runId: null,
        referralId: null,
      },
      ...{ payload: { entries: [], detail: null }, createdAt: at, deadline: new Date(at.getTime() + lease) },
    },
  ]);
  const from = [{ serverId: 's', lane: 'clinical', limit: 1 }] as const;
  const [held] = await store.outbox.claim({ from, leftBehind: false, owner: 'o', now: at, leaseMs: lease });
  const until = async (): Promise<number> => {
    const row = await store.db.selectFrom('outbox').select('lease_until').executeTakeFirstOrThrow();
    return row.lease_until!.getTime();
  };
  const first = await until();
  expect(await store.outbox.prolong(held!, lease)).toBe(true);
  expect(await until()).toBe(first);
  expect(await store.outbox.prolong(held!, 1.5 * lease)).toBe(true);
  expect(await until()).toBeGreaterThan(first + 0.4 * lease);
});
