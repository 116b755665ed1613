import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';

const long = 60_000;

describe('leases', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.close());

  it('are held by one of many that reach for it together', async () => {
    const fences = await Promise.all(
      Array.from({ length: 10 }, (_, n) => database.store.leases.acquire('one', `gateway ${n}`, long)),
    );
    expect(fences.filter((fence) => fence !== undefined)).toEqual([1]);
  });

  it('are refused to their own holder, so that a run does not overlap itself', async () => {
    expect(await database.store.leases.acquire('own', 'gateway', long)).toBe(1);
    expect(await database.store.leases.acquire('own', 'gateway', long)).toBeUndefined();
  });

  it('are free again with a higher fence once let go', async () => {
    const { leases } = database.store;
    expect(await leases.acquire('let go', 'a', long)).toBe(1);
    await leases.release('let go', 1);
    expect(await leases.acquire('let go', 'b', long)).toBe(2);
  });

  it('that ran out are taken, and then neither renewed nor released by the former holder', async () => {
    const { leases } = database.store;
    expect(await leases.acquire('ran out', 'a', 0)).toBe(1);
    expect(await leases.acquire('ran out', 'b', long)).toBe(2);
    expect(await leases.renew('ran out', 1, long)).toBe(false);
    await leases.release('ran out', 1);
    expect(await leases.acquire('ran out', 'c', long)).toBeUndefined();
    expect(await leases.renew('ran out', 2, long)).toBe(true);
  });

  it('that ran out are renewed by their holder while nobody took them', async () => {
    const { leases } = database.store;
    expect(await leases.acquire('slept', 'a', 0)).toBe(1);
    expect(await leases.renew('slept', 1, long)).toBe(true);
    expect(await leases.acquire('slept', 'b', long)).toBeUndefined();
  });
});
