/**
 * Leases: who may do a thing that only one gateway does at a time. They run on the database's clock, so that clocks of
 * gateways may differ. Each taking raises the fence: what an earlier holder still writes is recognised by its number.
 */
import { sql } from 'kysely';
import type { Db } from './store.ts';

export type LeasesRepository = ReturnType<typeof leasesRepository>;

/** Leases by name, on the pool or in a transaction. */
export function leasesRepository(db: Db) {
  const until = (ttlMs: number) => sql<Date>`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;
  return {
    /** Takes a lease that is free or has run out; answers its fence, or undefined while somebody holds it. */
    async acquire(name: string, owner: string, ttlMs: number): Promise<number | undefined> {
      const row = await db
        .insertInto('lease')
        .values({ name, owner, fence: 1, until: until(ttlMs) })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ owner, fence: sql<number>`lease.fence + 1`, until: until(ttlMs) })
            .where('lease.until', '<=', sql<Date>`clock_timestamp()`),
        )
        .returning('fence')
        .executeTakeFirst();
      return row?.fence;
    },

    /** Prolongs a lease; false when somebody else has taken it since. */
    async renew(name: string, fence: number, ttlMs: number): Promise<boolean> {
      const row = await db
        .updateTable('lease')
        .set({ until: until(ttlMs) })
        .where('name', '=', name)
        .where('fence', '=', fence)
        .returning('fence')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Lets a lease go at once; nothing happens when somebody else has taken it since. */
    async release(name: string, fence: number): Promise<void> {
      await db
        .updateTable('lease')
        .set({ until: sql<Date>`clock_timestamp()` })
        .where('name', '=', name)
        .where('fence', '=', fence)
        .execute();
    },

    /** Lets all leases go: for the only owner of a database, at its start, when whoever held them is dead. */
    async freeAll(): Promise<void> {
      await db
        .updateTable('lease')
        .set({ until: sql<Date>`clock_timestamp()` })
        .where('until', '>', sql<Date>`clock_timestamp()`)
        .execute();
    },
  };
}
