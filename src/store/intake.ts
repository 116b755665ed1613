/** One answer for one request, however often it is posted: the key is the business identifier the sender chose. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type Intake = { hash: string; status: number; response: Json };

export type IntakeRepository = ReturnType<typeof intakeRepository>;

/** Answers given, on the pool or in a transaction. */
export function intakeRepository(db: Db) {
  return {
    /**
     * Records the answer for a key unless one is there. Waits for a concurrent transaction that claims the same key;
     * answers whether this one got it.
     */
    async claim(
      tenant: string,
      client: string,
      key: BusinessKey,
      intake: Intake,
      at: Date,
    ): Promise<boolean> {
      const row = await db
        .insertInto('intake')
        .values({
          tenant,
          client_id: client,
          key,
          content_hash: intake.hash,
          status: intake.status,
          response: JSON.stringify(intake.response),
          received_at: at,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('key')
        .executeTakeFirst();
      return row !== undefined;
    },

    async find(tenant: string, client: string, key: BusinessKey): Promise<Intake | undefined> {
      const row = await db
        .selectFrom('intake')
        .where('tenant', '=', tenant)
        .where('client_id', '=', client)
        .where('key', '=', key)
        .select(['content_hash', 'status', 'response'])
        .executeTakeFirst();
      return row && { hash: row.content_hash, status: row.status, response: row.response };
    },
  };
}
