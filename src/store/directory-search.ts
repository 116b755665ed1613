/** Finding held records: by identity, by place, by name, along links. Keys are short (directory/keys.ts). */
import { type RawBuilder, sql } from 'kysely';
import type { HeldRecord } from './directory.ts';
import type { Db } from './store.ts';

/** A record as one source says it, with the rank of that source: 0 ranks first. */
export type FoundRecord = HeldRecord & { rank: number };

/** That a run changed a record. */
export type RecordChange = {
  run: number;
  source: string;
  kind: string;
  key: string;
  op: string;
  at: Date | null;
};

/** A row as it stood before a run changed it. */
export type RecordBefore = { source: string; kind: string; key: string; before: HeldRecord };

/** A run that was applied; `at`: the source's own date of what it read, else when it ended. */
export type ReadRun = {
  id: number;
  source: string;
  mode: string;
  /** A complete reading of everything. */
  whole: boolean;
  at: Date;
};

const mostChanges = 200;

export type NameSearch = {
  /** Words that must all stand in the name; case does not count. */
  words: readonly string[];
  kinds: readonly string[];
  commune?: string;
  limit: number;
};

export type DirectorySearchRepository = ReturnType<typeof directorySearchRepository>;

/** Searches, on the pool or in a transaction. Every answer is ordered by rank, then source, kind and key. */
export function directorySearchRepository(db: Db) {
  const select = () =>
    db
      .selectFrom('directory_record as r')
      .innerJoin('directory_source as s', 's.id', 'r.source')
      .selectAll('r')
      .select('s.rank')
      .orderBy('s.rank')
      .orderBy('r.source')
      .orderBy('r.kind')
      .orderBy('r.key');

  return {
    /** Kinds of which at least one record is held. */
    async kinds(): Promise<string[]> {
      const { rows } = await sql<{ kind: string }>`
        with recursive k as (
          (select kind from directory_record order by kind limit 1)
          union all select (select r.kind from directory_record r where r.kind > k.kind order by r.kind limit 1)
          from k where k.kind is not null)
        select kind from k where kind is not null`.execute(db);
      return rows.map(({ kind }) => kind);
    },

    /** Every row whose key or one of whose other identifiers is among `keys`, whatever its state. */
    async byIdentity(kinds: readonly string[], keys: readonly string[]): Promise<FoundRecord[]> {
      if (keys.length === 0) return [];
      const asked = sql`${[...keys]}::text[]`;
      return select()
        .where('r.kind', 'in', [...kinds])
        .where((eb) =>
          // Two sets, each by its own index: `or` would read the table.
          eb(eb.refTuple('r.kind', 'r.key', 'r.source'), 'in', (of) =>
            of
              .selectFrom('directory_record')
              .select(['kind', 'key', 'source'])
              .where('kind', 'in', [...kinds])
              .where(sql<boolean>`key = any(${asked})`)
              .union(
                of
                  .selectFrom('directory_record')
                  .select(['kind', 'key', 'source'])
                  .where('kind', 'in', [...kinds])
                  .where(sql<boolean>`identifiers && ${asked}`),
              )
              .$asTuple('kind', 'key', 'source'),
          ),
        )
        .execute();
    },

    /** Rows of a kind in communes (INSEE codes): `Organization`, or `PractitionerRole` for the persons there. */
    async inCommunes(kind: string, communes: readonly string[], limit: number): Promise<FoundRecord[]> {
      if (communes.length === 0) return [];
      const there = sql`commune = any(${[...communes]}::text[])`;
      return select()
        .where(
          standing(
            sql`select kind, key, source from directory_record where kind = ${kind} and ${there}`,
            kind === 'PractitionerRole' ? there : sql`false`,
          ),
        )
        .limit(limit)
        .execute();
    },

    /** Roles in use with one of the codes, in communes or départements (INSEE). */
    async activeRoles(of: {
      codes: readonly string[];
      communes: readonly string[];
      departments: readonly string[];
      limit: number;
    }): Promise<FoundRecord[]> {
      const departments = sql`${[...of.departments]}::text[]`;
      const there = sql`codes && ${[...of.codes]}::text[] and (commune = any(${[...of.communes]}::text[])
        or left(commune, 2) = any(${departments}) or left(commune, 3) = any(${departments}))`;
      const held = sql`select kind, key, source from directory_record
        where kind = 'PractitionerRole' and state = 'active' and ${there}`;
      return select().where(standing(held, there)).limit(of.limit).execute();
    },

    /** Roles of practitioners or at organisations. */
    async roles(of: 'practitioner' | 'organization', keys: readonly string[]): Promise<FoundRecord[]> {
      if (keys.length === 0) return [];
      return select()
        .where('r.kind', '=', 'PractitionerRole')
        .where(sql<boolean>`${sql.ref(`r.${of}`)} = any(${[...keys]}::text[])`)
        .execute();
    },

    /** Rows that say that they succeed one of `keys` (P-2). */
    async successors(kinds: readonly string[], keys: readonly string[]): Promise<FoundRecord[]> {
      if (keys.length === 0) return [];
      return select()
        .where('r.kind', 'in', [...kinds])
        .where(sql<boolean>`r.succeeds = any(${[...keys]}::text[])`)
        .execute();
    },

    /** What runs changed of records, newest first. */
    async changes(keys: readonly string[]): Promise<RecordChange[]> {
      if (keys.length === 0) return [];
      return db
        .selectFrom('directory_history as h')
        .leftJoin('directory_run as d', 'd.id', 'h.run')
        .where('h.key', 'in', [...keys])
        .select(['h.run', 'h.source', 'h.kind', 'h.key', 'h.op', 'd.finished_at as at'])
        .orderBy('h.run', 'desc')
        .limit(mostChanges)
        .execute();
    },

    /** Rows as they stood before each of their changes since an instant, oldest first. */
    async before(kind: string, keys: readonly string[], since: Date): Promise<RecordBefore[]> {
      if (keys.length === 0) return [];
      const { rows } = await sql<RecordBefore>`
        select h.source, h.kind, h.key, h.before from directory_history h join directory_run d on d.id = h.run
        where h.kind = ${kind} and h.key = any(${[...keys]}::text[]) and h.op = 'changed' and d.status = 'applied'
          and d.finished_at >= ${since}
        order by h.run`.execute(db);
      return rows;
    },

    /** The complete readings of sources that are in force, and the runs with these numbers; newest first. */
    async readings(sources: readonly string[], ids: readonly number[]): Promise<ReadRun[]> {
      const { rows } = await sql<ReadRun>`
        select id, source, mode, mode = 'full' and complete and status = 'applied' as whole,
          coalesce(as_of, finished_at, started_at) as at
        from directory_run where source = any(${[...sources]}::text[])
          and (id = any(${[...ids]}::bigint[]) or (mode = 'full' and complete and status = 'applied'))
        order by id desc`.execute(db);
      return rows;
    },

    /** Rows by words of their name. Without a commune the whole table is read: for people, never for a program's loop. */
    async byName({ words, kinds, commune, limit }: NameSearch): Promise<FoundRecord[]> {
      return select()
        .where('r.kind', 'in', [...kinds])
        .$if(commune !== undefined, (query) => query.where('r.commune', '=', commune!))
        .where((eb) => eb.and(words.map((word) => eb('r.name', 'ilike', `%${escaped(word)}%`))))
        .limit(limit)
        .execute();
    },
  };
}

/** Rows of a set, and roles of which the condition holds by what their practitioner and organisation say (directory_offer). */
function standing(held: RawBuilder<unknown>, offered: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(r.kind, r.key, r.source) in (
    ${held} union select 'PractitionerRole', key, source from directory_offer where ${offered})`;
}

function escaped(word: string): string {
  return word.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
