/** One answer for one request, however often it is posted: the key is the business identifier the sender chose. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

/** Somebody else's answer stands under a key. */
const taken = '23505'; // unique_violation

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
        .values(rowOf(tenant, client, key, intake, at))
        .onConflict((conflict) => conflict.doNothing())
        .returning('key')
        .modifyEnd(kept)
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * Records the answer for a key; the transaction fails (`isTaken`) when one is there already, after waiting for a
     * concurrent one that records it.
     */
    async record(tenant: string, client: string, key: BusinessKey, intake: Intake, at: Date): Promise<void> {
      await db
        .insertInto('intake')
        .values(rowOf(tenant, client, key, intake, at))
        .modifyEnd(keptLater)
        .execute();
    },

    /** May a transaction have failed so? Whoever asks looks whether an answer is there. */
    isTaken: (error: unknown): boolean => (error as { code?: unknown } | null)?.code === taken,

    /** The answer given before, and the revision of what the tenant's networks want. */
    async find(
      tenant: string,
      client: string,
      key: BusinessKey,
    ): Promise<{ earlier: Intake | undefined; revision: number }> {
      const { rows } = await sql<Partial<Intake> & { revision: number }>`${kept}
        select i.content_hash as hash, i.status, i.response,
          coalesce((select n from desired_revision where tenant = ${tenant}), 0) as revision
        from (select 1) as one
        left join intake i on i.tenant = ${tenant} and i.client_id = ${client} and i.key = ${key}`.execute(
        db,
      );
      const { revision, ...earlier } = rows[0]!;
      return { earlier: earlier.hash === null ? undefined : (earlier as Intake), revision };
    },
  };
}

function rowOf(tenant: string, client: string, key: BusinessKey, intake: Intake, at: Date) {
  return {
    ...{ tenant, client_id: client, key, content_hash: intake.hash, status: intake.status },
    ...{ response: JSON.stringify(intake.response), received_at: at },
  };
}
