/** The held directory as `/fhir` serves it: reads and searches of what the sources say, beside what networks publish. */
import { sql } from 'kysely';
import { type HeldCriterion, heldConditionOf, isSoon, numberOf } from './directory-served-criteria.ts';
import { heldHistory } from './directory-served-history.ts';
import { heldColumns, type HeldVersion, isShown, rankedSources } from './directory-served-rows.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

export type DirectoryServedRepository = ReturnType<typeof directoryServedRepository>;

/** Most matches that are counted. */
const maxCounted = 10_000;
/** Milliseconds a search may take before it is refused. */
const maxSearchMs = 10_000;

/** Reads of the held directory for one tenant: what its networks publish is left to them. */
export function directoryServedRepository(db: Db) {
  /** By kind, as of the runs that were applied then. */
  const systems = new Map<string, { runs: string; names: Promise<string[]> }>();
  return {
    ...heldHistory(db),

    /**
     * Systems of identifiers of a kind that are written whole (src/directory/keys.ts). All rows are read for them, once
     * after each run.
     */
    async systems(kind: string): Promise<string[]> {
      const { rows } = await sql<{ runs: string }>`${kept}
        select coalesce(string_agg(id || ':' || coalesce(last_run, 0), ',' order by id), '') as runs
        from directory_source`.execute(db);
      const { runs } = rows[0]!;
      const known = systems.get(kind);
      if (known?.runs === runs) return known.names;
      const names = bounded((tx) => systemsIn(tx, kind));
      systems.set(kind, { runs, names });
      names.catch(() => systems.delete(kind)); // asked again by the next search
      return names;
    },

    /** Current records of a kind by logical id. */
    async byIds(tenant: string, kind: string, ids: readonly string[]): Promise<HeldVersion[]> {
      if (!ids.length) return [];
      const view = { tenant, sources: await rankedSources(db) };
      const { rows } = await sql<HeldVersion>`${kept}
        select ${heldColumns('r')} from directory_record r join directory_run ru on ru.id = r.changed_run
        where r.kind = ${kind} and ${heldConditionOf({ by: 'id', ids })} and ${isShown('r', view)}`.execute(
        db,
      );
      return rows;
    },

    /** Short key of a record by its logical id, whether it is shown or not. */
    async keyOf(kind: string, id: string): Promise<string | undefined> {
      const { rows } = await sql<{ key: string }>`
        select r.key from directory_record r
        where directory_number(r.kind, r.key) = ${numberOf(id)}::bigint and directory_id(r.kind, r.key) = ${id}
          and r.kind = ${kind} limit 1`.execute(db);
      return rows[0]?.key;
    },

    /** Short keys of records by the ids that their own sources give them (a cache, P-1): `source kind id` to key. */
    async keysOfIds(
      asked: readonly { source: string; kind: string; id: string }[],
    ): Promise<ReadonlyMap<string, string>> {
      if (!asked.length) return new Map();
      const column = (name: 'source' | 'kind' | 'id') => sql`${asked.map((one) => one[name])}::text[]`;
      const { rows } = await sql<{ name: string; key: string }>`${kept}
        select r.source || ' ' || r.kind || ' ' || r.remote_id as name, r.key
        from unnest(${column('source')}, ${column('kind')}, ${column('id')}) a (source, kind, id)
        join directory_record r on r.kind = a.kind and r.remote_id = a.id and r.source = a.source
        where r.content is not null`.execute(db);
      return new Map(rows.map(({ name, key }) => [name, key]));
    },

    /** Which of these resources are there to be read, held or published by the tenant: `kind key` of each. */
    async existing(tenant: string, links: readonly { kind: string; key: string }[]): Promise<Set<string>> {
      if (!links.length) return new Set();
      const kinds = links.map(({ kind }) => kind);
      const keys = links.map(({ key }) => key);
      const { rows } = await sql<{ kind: string; key: string }>`${kept}
        select l.kind, l.key from unnest(${kinds}::text[], ${keys}::text[]) as l (kind, key)
        where exists (select from directory_record r where r.kind = l.kind and r.key = l.key and r.content is not null)
          or exists (select from desired d
            where d.tenant = ${tenant} and d.type = l.kind and d.key = directory_long_key(l.key))`.execute(
        db,
      );
      return new Set(rows.map(({ kind, key }) => `${kind} ${key}`));
    },

    /**
     * Records of a kind that meet every criterion, in the order of their keys, after `after`. Throws what PostgreSQL
     * throws when it takes longer than ten seconds (57014).
     */
    async search(
      tenant: string,
      kind: string,
      asked: { criteria: readonly HeldCriterion[]; after?: string; limit: number },
    ): Promise<HeldVersion[]> {
      const view = { tenant, sources: await rankedSources(db) };
      if (!view.sources.length) return [];
      const soon = isSoon(asked.criteria);
      const read = async (tx: Db): Promise<HeldVersion[]> => {
        const { rows } = await sql<HeldVersion>`${soon ? kept : sql``}
          select ${heldColumns('r')} from directory_record r join directory_run ru on ru.id = r.changed_run
          where r.kind = ${kind} and r.key > ${asked.after ?? ''} and ${conditionsOf(asked.criteria)}
            and ${isShown('r', view)}
          order by r.kind, r.key limit ${asked.limit}`.execute(tx);
        return rows;
      };
      return soon ? read(db) : bounded(read);
    },

    /** How many there are; undefined beyond 10,000 unless `all` is asked for. */
    async count(
      tenant: string,
      kind: string,
      criteria: readonly HeldCriterion[],
      all: boolean,
    ): Promise<number | undefined> {
      const view = { tenant, sources: await rankedSources(db) };
      if (!view.sources.length) return 0;
      return bounded(async (tx) => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from (
            select from directory_record r join directory_run ru on ru.id = r.changed_run
            where r.kind = ${kind} and ${conditionsOf(criteria)} and ${isShown('r', view)}
            ${all ? sql`` : sql`limit ${maxCounted + 1}`}) found`.execute(tx);
        const n = rows[0]!.n;
        return all || n <= maxCounted ? n : undefined;
      });
    },
  };

  function conditionsOf(criteria: readonly HeldCriterion[]) {
    return sql.join([sql`true`, ...criteria.map(heldConditionOf)], sql` and `);
  }

  /** A search that reads too much ends by itself, so that readers cannot wear the database down. */
  async function bounded<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    if (db.isTransaction) return work(db);
    return db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(maxSearchMs)}, true)`.execute(tx);
      return work(tx);
    });
  }
}

async function systemsIn(db: Db, kind: string): Promise<string[]> {
  const { rows } = await sql<{ system: string }>`
    select distinct left(i, position('|' in i) - 1) as system from (
      select key as i from directory_record where kind = ${kind}
      union all
      select unnest(identifiers) from directory_record where kind = ${kind} and identifiers is not null) all_of_them
    where position('|' in i) > 1`.execute(db);
  return rows.map(({ system }) => system);
}
