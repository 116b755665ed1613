/** A compared run becomes what is held: links, succession, rows with their history. All steps in one transaction. */
import { sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { Db } from './store.ts';

export type DirectoryApplyRepository = ReturnType<typeof directoryApplyRepository>;

type Of = { run: number; source: string };

/** Link columns and the kind each refers to; `part_of` refers to a record of the same kind. */
const links = [
  ['practitioner', sql`'Practitioner'`],
  ['organization', sql`'Organization'`],
  // an affiliation's second organisation stands there; all others are part of one of their kind
  ['part_of', sql`(case s.kind when 'OrganizationAffiliation' then 'Organization' else s.kind end)`],
] as const;

/** The steps of applying, in a transaction; src/directory/apply.ts calls them in order. */
export function directoryApplyRepository(db: Db) {
  const of = (run: number, ...verdicts: string[]) =>
    sql`s.run = ${run} and s.verdict = any(${verdicts}::text[])`;

  return {
    /**
     * Links by the source's own ids become keys. What nobody showed gets a stub (P-4) whose key is `stubPrefix` and the id.
     * `table` is the stage, or the partition of a first load.
     */
    async resolveLinks({ run, source }: Of, stubPrefix: string, firstLoad: boolean): Promise<void> {
      const part = partitionOf(source);
      const table = firstLoad ? part : sql`directory_stage`;
      const mine = firstLoad ? sql`true` : sql`s.run = ${run}`;
      const read = firstLoad ? sql`true` : sql`r.run = ${run}`;
      const unresolved = links.map(
        ([column]) => sql`coalesce(bool_or(${sql.ref(column)} like '?%'), false) as ${sql.ref(column)}`,
      );
      const {
        rows: [some],
      } = await sql<Record<string, boolean>>`
        select ${sql.join(unresolved)} from ${table} s where ${mine}`.execute(db);
      for (const [column, kind] of links.filter(([column]) => some![column])) {
        const link = sql.ref(`s.${column}`);
        const open = sql`${mine} and ${link} like '?%'`;
        const set = sql.ref(column);
        const found = (rows: typeof table, where: typeof mine) => sql`
          update ${table} s set ${set} = r.key from ${rows} r
          where ${open} and ${where} and r.remote_id = substr(${link}, 2) and r.kind = ${kind}`;
        await found(table, sql`${read} and r.state in ('active', 'closed')`).execute(db);
        if (!firstLoad) await found(part, sql`true`).execute(db);
        await sql`
          insert into ${part} as t (source, kind, key, state, hash, form, remote_id, created_run, changed_run)
          select distinct ${source}, ${kind}, ${stubPrefix} || substr(${link}, 2), 'stub', ''::bytea, '', substr(${link}, 2),
            ${run}::bigint, ${run}::bigint
          from ${table} s where ${open}
          on conflict (kind, key, source) do update
            set state = 'stub', remote_id = excluded.remote_id, changed_run = excluded.changed_run
            where t.state <> 'stub'`.execute(db);
        await sql`update ${table} s set ${set} = ${stubPrefix} || substr(${link}, 2) where ${open}`.execute(
          db,
        );
      }
    },

    /** A stub whose record is shown at last stands back; what referred to it refers to the record. */
    async replaceStubs({ run, source }: Of): Promise<void> {
      const part = partitionOf(source);
      const replaced = sql`
        select t.kind, t.key, s.key as real from ${part} t
        join directory_stage s on s.kind = t.kind and s.remote_id = t.remote_id
        where ${of(run, 'created', 'changed', 'reopened', 'moved')} and t.state = 'stub'`;
      const { rows } = await sql<{ kind: string; key: string; real: string }>`${replaced}`.execute(db);
      for (const [column, kind] of links) {
        const link = sql.ref(`s.${column}`);
        const set = sql.ref(column);
        const pairs = sql`unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.key)}::text[],
          ${rows.map((row) => row.real)}::text[]) x (kind, key, real)`;
        if (rows.length === 0) return;
        await sql`
          insert into directory_history (run, source, kind, key, op, before)
          select ${run}, ${source}, s.kind, s.key, 'changed', to_jsonb(s)
          from ${part} s join ${pairs} on ${link} = x.key and x.kind = ${kind} on conflict do nothing`.execute(
          db,
        );
        await sql`
          update ${part} s set ${set} = x.real, changed_run = ${run} from ${pairs}
          where ${link} = x.key and x.kind = ${kind}`.execute(db);
      }
      await sql`
        insert into directory_history (run, source, kind, key, op, before)
        select ${run}, ${source}, t.kind, t.key, 'removed', to_jsonb(t)
        from ${part} t where (t.kind, t.key) in (select kind, key from (${replaced}) r) on conflict do nothing`.execute(
        db,
      );
      await sql`
        update ${part} t set state = 'closed', remote_id = null, changed_run = ${run}
        where (t.kind, t.key) in (select kind, key from (${replaced}) r)`.execute(db);
    },

    /** Keeps the rows that will change as they stand. */
    async keepBefore({ run, source }: Of): Promise<void> {
      await sql`
        insert into directory_history (run, source, kind, key, op, before)
        select ${run}, ${source}, t.kind, t.key, case s.verdict when 'moved' then 'changed' else s.verdict end, to_jsonb(t)
        from ${partitionOf(source)} t join directory_stage s on s.kind = t.kind and s.key = t.key
        where ${of(run, 'changed', 'closed', 'reopened', 'vanished', 'removed', 'moved')}
        on conflict do nothing`.execute(db);
    },

    async write({ run, source }: Of): Promise<void> {
      const part = partitionOf(source);
      const join = sql`s.kind = t.kind and s.key = t.key`;
      // what is closed often says no more than that it is: it stays findable by what it was
      const kept = (column: string) =>
        sql`${sql.ref(column)} = case when s.state = 'closed'
          then coalesce(${sql.ref(`s.${column}`)}, ${sql.ref(`t.${column}`)}) else ${sql.ref(`s.${column}`)} end`;
      const facts = [
        ...[
          'practitioner',
          'organization',
          'part_of',
          'identifiers',
          'name',
          'profession',
          'codes',
          'commune',
        ],
        ...['lat', 'lon'],
      ];
      // a stub of a closed record says nothing but that it is closed (docs/decisions/0032)
      const keptOf = (column: string) =>
        sql`(case when s.form = 'fhir-closed' and t.content is not null then t.${sql.ref(column)} else s.${sql.ref(column)} end)`;
      await sql`
        update ${part} t set state = s.state, hash = s.hash, form = ${keptOf('form')}, content = ${keptOf('content')},
          ${sql.join(facts.map(kept))},
          remote_id = coalesce(s.remote_id, t.remote_id), remote_version = coalesce(s.remote_version, t.remote_version),
          missed = 0, changed_run = ${run}
        from directory_stage s where ${of(run, 'changed', 'closed', 'reopened')} and ${join}`.execute(db);
      await sql`
        update ${part} t set remote_id = s.remote_id, remote_version = s.remote_version, missed = 0, changed_run = ${run}
        from directory_stage s where ${of(run, 'moved')} and ${join}`.execute(db);
      await sql`
        update ${part} t set state = 'vanished', missed = least(t.missed + 1, 32767), changed_run = ${run}
        from directory_stage s where ${of(run, 'vanished')} and ${join}`.execute(db);
      // no hash: shown again with the same content, it is in use again
      await sql`
        update ${part} t set state = 'closed', hash = ''::bytea, missed = 0, changed_run = ${run}
        from directory_stage s where ${of(run, 'removed')} and ${join}`.execute(db);
      await sql`
        update ${part} t set missed = case s.verdict when 'seen' then 0 else 1 end
        from directory_stage s where ${of(run, 'missed', 'seen')} and ${join}`.execute(db);
      await sql`
        insert into ${part} (source, kind, key, state, hash, form, content, practitioner, organization, part_of, remote_id,
          remote_version, identifiers, name, profession, codes, commune, lat, lon, succeeds, created_run, changed_run)
        select ${source}, kind, key, state, hash, form, content, practitioner, organization, part_of, remote_id,
          remote_version, identifiers, name, profession, codes, commune, lat, lon, succeeds, ${run}::bigint, ${run}::bigint
        from directory_stage s where ${of(run, 'created')}`.execute(db);
    },

    /** Communes whose point may have moved by a run. */
    async touchedCommunes({ run, source }: Of): Promise<string[]> {
      const { rows } = await sql<{ commune: string }>`
        select commune from directory_stage where run = ${run} and lat is not null and commune is not null
        union
        select before ->> 'commune' from directory_history
        where run = ${run} and source = ${source} and before ->> 'lat' is not null and before ->> 'commune' is not null
        `.execute(db);
      return rows.map(({ commune }) => commune);
    },

    /** A commune's point is the middle of what is in use there; of all communes when none are named. */
    async refreshPlaces(communes?: readonly string[]): Promise<void> {
      const some = communes === undefined ? sql`true` : sql`commune = any(${[...communes]}::text[])`;
      await sql`delete from directory_place where ${some}`.execute(db);
      await sql`
        insert into directory_place (commune, lat, lon, establishments)
        select commune, avg(lat), avg(lon), count(*) from directory_record
        where commune is not null and lat is not null and lon is not null and state = 'active' and ${some}
        group by commune`.execute(db);
    },
  };
}
