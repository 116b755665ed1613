/** The counts of notifications, one a subscriber. */
import { sql } from 'kysely';
import type { Db } from './store.ts';

/** Counts, on the pool or in a transaction. */
export function subscribersRepository(db: Db) {
  return {
    /** The number of the next notification; nobody else gets one until the transaction ends, so that none is missing. */
    async next(tenant: string, client: string): Promise<string> {
      const { rows } = await sql<{ events: string }>`
        insert into subscriber (tenant, client, events) values (${tenant}, ${client}, 1)
        on conflict (tenant, client) do update set events = subscriber.events + 1
        returning events::text`.execute(db);
      return rows[0]!.events;
    },
  };
}
