/** What a run staged against what its source holds: one verdict a record. All of it is set-based SQL. */
import { type RawBuilder, sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import { type AmbiguousKey, pickRecords } from './directory-pick.ts';
import { type Quarantine, type QuarantineAsk, quarantine } from './directory-quarantine.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

/**
 * `moved`: only the source's own id changed (P-1); `missed`: a first complete run did not show it; `seen`: one that was
 * missed is there again; `removed`: told deleted; `ambiguous`: left as it is held (P-3).
 */
export type Verdict =
  | 'created'
  | 'changed'
  | 'closed'
  | 'reopened'
  | 'vanished'
  | 'removed'
  | 'moved'
  | 'missed'
  | 'seen'
  | 'ambiguous';

export type VerdictCount = { kind: string; verdict: Verdict; count: number };

export type DirectoryCompareRepository = ReturnType<typeof directoryCompareRepository>;

type Of = { run: number; source: string };

/** The comparison's steps, in a transaction; src/directory/compare.ts calls them in order. */
export function directoryCompareRepository(db: Db) {
  return {
    quarantine: (of: Of, ask: QuarantineAsk): Promise<Quarantine> => quarantine(db, of, ask),

    /** Deletes told by the source's own id get their key; those of what nobody knows, or of `unsettled` keys, are dropped. */
    async resolveRemovals({ run, source }: Of, unsettled: readonly AmbiguousKey[]): Promise<void> {
      const asked = sql`s.run = ${run} and s.state = 'removed' and s.key like '?%'`;
      await sql`
        update directory_stage s set key = r.key from ${partitionOf(source)} r
        where ${asked} and r.kind = s.kind and r.remote_id = substr(s.key, 2)`.execute(db);
      await sql`
        update directory_stage s set key = r.key from directory_stage r
        where ${asked} and r.run = ${run} and r.kind = s.kind and r.state in ('active', 'closed')
          and r.remote_id = substr(s.key, 2)`.execute(db);
      await sql`
        delete from directory_stage s using unnest(
          ${unsettled.map(({ kind }) => kind)}::text[], ${unsettled.map(({ key }) => key)}::text[]) k (kind, key)
        where s.run = ${run} and s.state = 'removed' and s.kind = k.kind and s.key = k.key`.execute(db);
      await sql`
        delete from directory_stage s where ${asked} or (s.run = ${run} and s.state = 'removed' and exists (
          select from directory_stage r
          where r.run = ${run} and r.kind = s.kind and r.key = s.key and r.state = 'active'))`.execute(db);
    },

    /** Held rows of the keys that were staged: those that the run showed too are candidates like the staged ones. */
    async heldBeside(
      { run, source }: Of,
      limit: number,
      after: AmbiguousKey,
    ): Promise<{ kind: string; key: string; hash: Buffer }[]> {
      const { rows } = await sql<{ kind: string; key: string; hash: Buffer }>`
        select distinct s.kind, s.key, t.hash
        from directory_stage s join ${partitionOf(source)} t on t.kind = s.kind and t.key = s.key
        where s.run = ${run} and s.state in ('active', 'closed') and t.state in ('active', 'closed')
          and (s.kind, s.key) > (${after.kind}, ${after.key})
        order by s.kind, s.key limit ${limit}`.execute(db);
      return rows;
    },

    async addHeld({ run, source }: Of, keys: readonly AmbiguousKey[]): Promise<void> {
      await inChunks(
        keys,
        (chunk) =>
          sql`
            insert into directory_stage (run, kind, key, state, hash, form, remote_id, remote_version, verdict)
            select ${run}, t.kind, t.key, t.state, t.hash, t.form, t.remote_id, t.remote_version, 'held'
            from ${partitionOf(source)} t join unnest(
              ${chunk.map(({ kind }) => kind)}::text[], ${chunk.map(({ key }) => key)}::text[]) k (kind, key)
              on t.kind = k.kind and t.key = k.key`.execute(db),
        5000,
      );
    },

    /** One row a key; the keys that stay ambiguous are told and left as they are held. */
    async pick({ run }: Of): Promise<AmbiguousKey[]> {
      const where = sql`run = ${run}`;
      const ambiguous = await pickRecords(db, sql`directory_stage`, where);
      await inChunks(
        ambiguous,
        (chunk) =>
          sql`
            update directory_stage s set verdict = 'ambiguous'
            from unnest(${chunk.map(({ kind }) => kind)}::text[], ${chunk.map(({ key }) => key)}::text[]) k (kind, key)
            where s.run = ${run} and s.kind = k.kind and s.key = k.key`.execute(db),
        5000,
      );
      await sql`delete from directory_stage where run = ${run} and verdict = 'held'`.execute(db);
      return ambiguous;
    },

    /** Names of what could not be read become keys of held records; those of what is not held, or was read as well, are dropped. */
    async resolveUnread({ run, source }: Of): Promise<void> {
      const part = partitionOf(source);
      const unread = sql`s.run = ${run} and s.state = 'unread'`;
      await sql`
        update directory_stage s set key = t.key from ${part} t
        where ${unread} and s.key like '?%' and t.kind = s.kind and t.remote_id = substr(s.key, 2)`.execute(
        db,
      );
      await sql`
        delete from directory_stage s where ${unread} and (
          not exists (select from ${part} t where t.kind = s.kind and t.key = s.key and t.state = 'active')
          or exists (select from directory_stage r where r.run = ${run} and r.kind = s.kind and r.key = s.key
            and (r.state <> 'unread' or r.ctid < s.ctid)))`.execute(db);
    },

    /** What could not be read was shown; of a professional, so were all roles: which of them was meant cannot be known. */
    async keepUnread({ run, source }: Of): Promise<void> {
      await sql`
        update directory_stage s set state = 'seen' from ${partitionOf(source)} t
        join directory_stage p
          on p.run = ${run} and p.state = 'unread' and p.kind = 'Practitioner' and p.key = t.practitioner
        where s.run = ${run} and s.state = 'missing' and t.kind = s.kind and t.key = s.key`.execute(db);
      await sql`update directory_stage set state = 'seen' where run = ${run} and state = 'unread'`.execute(
        db,
      );
    },

    /** Held records of the kinds, by the hashes that a run did not show, unless their keys were staged. */
    addMissing: (of: Of, hashes: readonly Buffer[], kinds: readonly string[]): Promise<void> =>
      addByHash(db, of, 'missing', hashes, sql`t.state = 'active' and t.kind = any(${[...kinds]}::text[])`),

    /** Held records by the hashes that a run did show again. */
    addSeen: (of: Of, hashes: readonly Buffer[]): Promise<void> =>
      addByHash(db, of, 'seen', hashes, sql`true`),

    /**
     * `byVersion`: an older version of one id changes nothing (P-13); only numbers tell. A full reading is believed without: a
     * server that was set up anew counts from one again.
     */
    async judge({ run, source }: Of, byVersion: boolean): Promise<void> {
      const number = (version: string) => sql`
        case when ${sql.ref(version)} ~ '^\\d{1,18}$' then ${sql.ref(version)}::bigint end`;
      const older = sql`${byVersion} and t.remote_id = s.remote_id and t.state in ('active', 'closed')
        and ${number('s.remote_version')} < ${number('t.remote_version')}`;
      await sql`
        update directory_stage s set verdict = v.verdict from (
          select s.ctid as row, case
            when s.state = 'removed' then case when t.state in ('active', 'stub') then 'removed' else 'none' end
            when s.state = 'missing' then case when t.missed > 0 then 'vanished' else 'missed' end
            when s.state = 'seen' then 'seen'
            when t.key is null then 'created'
            when t.hash = s.hash and t.state = s.state then case
              when t.remote_id is distinct from s.remote_id then 'moved'
              when t.missed > 0 then 'seen' else 'none' end
            when ${older} then case when t.missed > 0 then 'seen' else 'none' end
            when s.state = 'closed' and t.state in ('active', 'vanished', 'stub') then 'closed'
            when s.state = 'active' and t.state in ('closed', 'vanished') then 'reopened'
            else 'changed' end as verdict
          from directory_stage s left join ${partitionOf(source)} t on t.kind = s.kind and t.key = s.key
          where s.run = ${run} and s.verdict is null) v
        where s.run = ${run} and s.ctid = v.row`.execute(db);
      await sql`delete from directory_stage where run = ${run} and verdict = 'none'`.execute(db);
    },

    /**
     * What a source knows only from its roles is missing when nothing that is left refers to it, and there again when
     * something does (`shown`, asked last). Only records that a changed one left behind, or that were missed before, can
     * be so. True when it found some: what these refer to may be missing in turn.
     */
    async judgeDerived({ run, source }: Of, kinds: readonly string[], shown: boolean): Promise<boolean> {
      const part = partitionOf(source);
      const gone = sql`('missed', 'vanished', 'closed', 'removed', 'changed')`;
      const refers = (column: string) => sql`(
        exists (
          select from ${part} r where r.${sql.ref(column)} = t.key and r.state = 'active' and not exists (
            select from directory_stage x
            where x.run = ${run} and x.kind = r.kind and x.key = r.key and x.verdict in ${gone}))
        or exists (
          select from directory_stage x where x.run = ${run} and x.${sql.ref(column)} = t.key
            and x.state = 'active' and x.verdict in ('created', 'changed', 'reopened')))`;
      const { numAffectedRows } = await sql`
        insert into directory_stage (run, kind, key, state, hash, form, verdict)
        select ${run}, d.kind, d.key, case when d.shown then 'seen' else 'missing' end, d.hash, '',
          case when d.shown then 'seen' when d.missed > 0 then 'vanished' else 'missed' end
        from (
          select t.kind, t.key, t.hash, t.missed, case when t.kind = 'Practitioner' then ${refers('practitioner')}
            else ${refers('organization')} or ${refers('part_of')} end as shown
          from ${part} t
          where t.kind = any(${[...kinds]}::text[]) and t.state = 'active'
            and (t.kind, t.key) in (
              select m.kind, m.key from ${part} m where m.missed > 0
              union
              select l.kind, l.key
              from directory_stage s join ${part} r on r.kind = s.kind and r.key = s.key
              cross join lateral (values
                ('Practitioner', r.practitioner), ('Organization', r.organization), ('Organization', r.part_of)) l (kind, key)
              where s.run = ${run} and s.verdict in ${gone} and l.key is not null)
            and not exists (
              select from directory_stage s where s.run = ${run} and s.kind = t.kind and s.key = t.key)) d
        where ${shown ? sql`d.shown and d.missed > 0` : sql`not d.shown`}`.execute(db);
      return Number(numAffectedRows ?? 0) > 0;
    },

    async counts({ run }: Of): Promise<VerdictCount[]> {
      const { rows } = await sql<VerdictCount>`
        select kind, verdict, count(distinct key)::int as count from directory_stage
        where run = ${run} group by kind, verdict order by kind, verdict`.execute(db);
      return rows;
    },

    /** Records of a source that are not closed, by kind. */
    async held(source: string): Promise<Record<string, number>> {
      const { rows } = await sql<{ kind: string; count: number }>`
        select kind, count(*)::int as count from ${partitionOf(source)}
        where state in ('active', 'stub') group by kind`.execute(db);
      return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
    },
  };
}

async function addByHash(
  db: Db,
  { run, source }: Of,
  state: 'missing' | 'seen',
  hashes: readonly Buffer[],
  where: RawBuilder<unknown>,
): Promise<void> {
  await inChunks(
    hashes,
    (chunk) =>
      sql`
        insert into directory_stage (run, kind, key, state, hash, form)
        select ${run}, t.kind, t.key, ${state}, t.hash, ''
        from ${partitionOf(source)} t
        where t.hash = any(${[...chunk]}::bytea[]) and ${where} and not exists (
          select from directory_stage s where s.run = ${run} and s.kind = t.kind and s.key = t.key)`.execute(
        db,
      ),
    50_000,
  );
}
