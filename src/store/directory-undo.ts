/** A source goes back to the state after one of its runs: rows as they stood then, and what came later closed. */
import { sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { HeldRecord } from './directory.ts';
import type { Db } from './store.ts';

/** One record that differs from then; `then` is null for what was not there. */
export type UndoneRecord = {
  kind: string;
  key: string;
  op: 'changed' | 'closed' | 'reopened';
  now: HeldRecord;
  before: HeldRecord | null;
};

export type DirectoryUndoRepository = ReturnType<typeof directoryUndoRepository>;

type Back = { source: string; to: number };

/** Going back, in a transaction. */
export function directoryUndoRepository(db: Db) {
  /** Columns that say how a record stands, not what the synchronisation remembers of it. */
  const content = (row: string) =>
    sql.raw(
      [
        'state',
        'hash',
        'form',
        'content',
        'practitioner',
        'organization',
        'part_of',
        'remote_id',
        'remote_version',
      ]
        .concat(['identifiers', 'name', 'profession', 'codes', 'commune', 'lat', 'lon', 'succeeds'])
        .map((column) => `(${row}).${column}`)
        .join(', '),
    );

  /** The row of then is the one before the first change since; a row made since and never changed has none. */
  const undone = ({ source, to }: Back) => sql`
    with first as (
      select distinct on (kind, key) kind, key, before from directory_history
      where source = ${source} and run > ${to} order by kind, key, run),
    was as (
      select t.kind, t.key, t as now, jsonb_populate_record(null::directory_record, f.before) as b,
        coalesce((f.before ->> 'created_run')::bigint, t.created_run) > ${to} as later
      from ${partitionOf(source)} t
      left join first f on f.kind = t.kind and f.key = t.key
      where t.changed_run > ${to} and (f.key is not null or t.created_run > ${to}))
    select kind, key, now, case when later then null else b end as b, later,
      case when later or ((b).state <> 'active' and (now).state = 'active') then 'closed'
        when (b).state = 'active' and (now).state <> 'active' then 'reopened' else 'changed' end as op
    from was
    where case when later then (now).state in ('active', 'stub', 'vanished') or octet_length((now).hash) > 0
      else row(${content('b')}) is distinct from row(${content('now')}) end`;

  return {
    async counts(back: Back): Promise<{ kind: string; op: UndoneRecord['op']; count: number }[]> {
      const { rows } = await sql<{ kind: string; op: UndoneRecord['op']; count: number }>`
        select kind, op, count(*)::int as count from (${undone(back)}) u group by kind, op order by kind, op`.execute(
        db,
      );
      return rows;
    },

    async list(back: Back, limit: number, after: { kind: string; key: string }): Promise<UndoneRecord[]> {
      const { rows } = await sql<UndoneRecord>`
        select kind, key, op, to_jsonb(now) as now, to_jsonb(b) as before from (${undone(back)}) u
        where (kind, key) > (${after.kind}, ${after.key}) order by kind, key limit ${limit}`.execute(db);
      return rows;
    },

    /** Puts the rows back as a change of `run`. What is closed here has no hash: shown again, it is in use again. */
    async restore(run: number, back: Back): Promise<void> {
      const { source } = back;
      await sql`
        insert into directory_history (run, source, kind, key, op, before)
        select ${run}, ${source}, kind, key, op, to_jsonb(now) from (${undone(back)}) u`.execute(db);
      await sql`
        update ${partitionOf(source)} t set
          state = b.state, hash = b.hash, form = b.form, content = b.content, practitioner = b.practitioner,
          organization = b.organization, part_of = b.part_of, remote_id = b.remote_id, remote_version = b.remote_version,
          identifiers = b.identifiers, name = b.name, profession = b.profession, codes = b.codes, commune = b.commune,
          lat = b.lat, lon = b.lon, succeeds = b.succeeds, created_run = b.created_run, missed = 0, changed_run = ${run}
        from (select (u.b).* from (${undone(back)}) u where not u.later) b
        where t.kind = b.kind and t.key = b.key`.execute(db);
      await sql`
        update ${partitionOf(source)} t set state = 'closed', hash = ''::bytea, missed = 0, changed_run = ${run}
        from (${undone(back)}) u where u.later and t.kind = u.kind and t.key = u.key`.execute(db);
      await sql`update ${partitionOf(source)} set missed = 0 where missed > 0 and state <> 'vanished'`.execute(
        db,
      );
    },

    /** Communes of what a run put back, as it stands now. */
    async communes(run: number, source: string): Promise<string[]> {
      const { rows } = await sql<{ commune: string }>`
        select distinct commune from ${partitionOf(source)}
        where changed_run = ${run} and lat is not null and commune is not null`.execute(db);
      return rows.map(({ commune }) => commune);
    },
  };
}
