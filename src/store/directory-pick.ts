/** One record a key out of what a run read: newest version of each id, what is in use before what is closed. */
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './store.ts';

/** A key for which a run read different contents, none of them preferable (P-3). */
export type AmbiguousKey = { kind: string; key: string };

/**
 * Leaves one row a key in `table` (rows that meet `where`), whatever order they came in, and answers the keys where that
 * cannot be decided; their rows stay. Old versions of one id lose (P-13); of several ids, the closed ones lose to one in use.
 */
export async function pickRecords(
  db: Db,
  table: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
): Promise<AmbiguousKey[]> {
  const records = sql`${where} and state in ('active', 'closed')`;
  const twice = sql`select kind, key from ${table} where ${records} group by kind, key having count(*) > 1`;
  const { rows: repeated } = await sql<AmbiguousKey>`${twice}`.execute(db);
  if (repeated.length === 0) return [];
  const some = sql`(kind, key) in (${twice})`;
  // versions of servers are numbers or instants; numbers compare as such
  await sql`
    delete from ${table} where ctid in (
      select ctid from (
        select ctid,
          rank() over (partition by kind, key, remote_id order by
            case when remote_version ~ '^\\d{1,18}$' then remote_version::bigint end desc nulls last,
            remote_version collate "C" desc nulls last) as age
        from ${table} where ${records} and remote_id is not null and ${some}) versions
      where age > 1)`.execute(db);
  await sql`
    delete from ${table} where ctid in (
      select ctid from (
        select ctid, row_number() over (partition by kind, key, hash order by remote_id) as repeat
        from ${table} where ${records} and ${some}) repeats
      where repeat > 1)`.execute(db);
  await sql`
    delete from ${table} where ctid in (
      select ctid from (
        select ctid, state, bool_or(state = 'active') over (partition by kind, key) as used
        from ${table} where ${records} and ${some}) twins
      where used and state = 'closed')`.execute(db);
  return (await sql<AmbiguousKey>`${twice}`.execute(db)).rows;
}
