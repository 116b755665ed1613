/** Held records for tests, written as a run of the directory leaves them. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { HeldRecord } from '../../src/store/directory.ts';
import type { Store } from '../../src/store/store.ts';

export type HeldInput = Partial<Omit<HeldRecord, 'content'>> &
  Pick<HeldRecord, 'kind' | 'key'> & {
    /** The resource as the source gave it. */
    resource?: object;
  };

/** Adds a source that ranks as told, with its rows; keys and links are short. */
export async function hold(
  { db }: Pick<Store, 'db'>,
  source: string,
  rank: number,
  rows: readonly HeldInput[],
  run = 1,
): Promise<void> {
  await db
    .insertInto('directory_source')
    .values({
      id: source,
      kind: 'mcsd',
      rank,
      as_of: new Date('2026-11-01T00:00:00Z'),
      last_run: run,
      last_full_run: run,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ last_run: run }))
    .execute();
  await sql`create table if not exists ${sql.table(`directory_record_${source}`)}
    partition of directory_record for values in (${sql.lit(source)})`.execute(db);
  for (const { resource, ...row } of rows) {
    const content = resource === undefined ? null : JSON.stringify(resource);
    const hash = createHash('sha256')
      .update(JSON.stringify([row, content]))
      .digest()
      .subarray(0, 16);
    const values = {
      ...{ source, state: 'active', form: 'fhir', created_run: run, changed_run: run, ...row, content, hash },
    };
    await db
      .insertInto('directory_record')
      .values(values)
      .onConflict((conflict) => conflict.columns(['kind', 'key', 'source']).doUpdateSet(values))
      .execute();
  }
}
