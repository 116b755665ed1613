/** Client assertions seen by any gateway of this database; each is taken once within its lifetime (SBS-04). */
import { createHash } from 'node:crypto';
import type { Db } from './store.ts';

export type AssertionsRepository = ReturnType<typeof assertionsRepository>;

/** The `jti` is kept as a digest: its length and content are the client's. */
export function assertionsRepository(db: Db) {
  return {
    /** True for the first claim of (client, jti) until it expires; what has expired is forgotten on the way. */
    async claim(client: string, jti: string, until: Date, now: Date): Promise<boolean> {
      await db.deleteFrom('assertion').where('until', '<', now).execute();
      const row = await db
        .insertInto('assertion')
        .values({ client_id: client, jti_hash: createHash('sha256').update(jti).digest('hex'), until })
        .onConflict((conflict) => conflict.doNothing())
        .returning('client_id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
