/** Active roles by profession, commune after commune in the order given: what a nearest-offer search reads. */
import { sql } from 'kysely';
import type { Db } from './store.ts';

export type NearRole = {
  /** Place of its commune in the list that was asked for, from 0. */
  order: number;
  source: string;
  rank: number;
  asOf: Date | null;
  key: string;
  practitioner: string | null;
  organization: string | null;
  profession: string;
  codes: string[] | null;
  commune: string;
  /** Of the row that readers see of who and where; null where the directory has none. */
  personName: string | null;
  personState: string | null;
  structureName: string | null;
  structureState: string | null;
};

export type NearAsk = {
  profession: string;
  /** Any of these `system|code`; absent: whatever they are. */
  codes?: readonly string[];
  /** Short keys of people; absent: whoever they are. */
  persons?: readonly string[];
  /** INSEE codes, nearest first. */
  communes: readonly string[];
  /** At most so many of one commune and source, and in all. */
  limit: number;
  offset: number;
};

export type DirectoryNearestRepository = ReturnType<typeof directoryNearestRepository>;

/** Reading for the nearest-offer search, on the pool or in a transaction. */
export function directoryNearestRepository(db: Db) {
  return {
    /** Changes when a run was applied or undone: what is kept in memory of the places is then read again. */
    async version(): Promise<string> {
      const { rows } = await sql<{ version: string }>`
        select coalesce(string_agg(id || ':' || coalesce(last_run, 0), ',' order by id), '') as version
        from directory_source`.execute(db);
      return rows[0]!.version;
    },

    /** Points of the communes, WGS84 degrees. */
    async places(): Promise<{ commune: string; lat: number; lon: number }[]> {
      return db.selectFrom('directory_place').select(['commune', 'lat', 'lon']).execute();
    },

    /** INSEE codes of communes where somebody of a profession, with any of these `system|code`, has or had a role. */
    async communesOf(profession: string, codes?: readonly string[]): Promise<string[]> {
      const coded = codes ? sql`and codes && ${[...codes]}::text[]` : sql``;
      const { rows } = await sql<{ commune: string }>`
        select commune from directory_record where profession = ${profession} and commune is not null ${coded}
        union
        select commune from directory_offer where profession = ${profession} ${coded}`.execute(db);
      return rows.map(({ commune }) => commune);
    },

    /** Roles in use there, nearest commune first; inside one commune in no order. */
    async roles({ profession, codes, persons, communes, limit, offset }: NearAsk): Promise<NearRole[]> {
      const filter = sql.join(
        [
          sql`r.profession = ${profession} and r.commune = c.commune`,
          ...(codes ? [sql`and r.codes && ${[...codes]}::text[]`] : []),
          ...(persons ? [sql`and r.practitioner = any(${[...persons]}::text[])`] : []),
          sql`limit ${limit + offset}`,
        ],
        sql` `,
      );
      const columns = sql`r.source, r.key, r.practitioner, r.organization, r.profession, r.codes, r.commune`;
      const { rows } = await sql<NearRole>`
        with near as materialized (
          select (c.n - 1)::int as "order", f.*
          from unnest(${[...communes]}::text[]) with ordinality c (commune, n)
          cross join lateral (
            (select ${columns} from directory_record r
              where r.kind = 'PractitionerRole' and r.state = 'active' and ${filter})
            union all
            (select ${columns} from directory_offer r where ${filter})) f
          order by c.n limit ${limit} offset ${offset})
        select near.*, s.rank, s.as_of as "asOf", p.name as "personName", p.state as "personState",
          o.name as "structureName", o.state as "structureState"
        from near
        join directory_source s on s.id = near.source
        left join lateral (${seen('Practitioner', 'practitioner')}) p on true
        left join lateral (${seen('Organization', 'organization')}) o on true
        order by near."order"`.execute(db);
      return rows;
    },
  };
}

/** Name and state of the row that readers see: the first source's, but a stub or what vanished only when no other has it. */
function seen(kind: string, link: 'practitioner' | 'organization') {
  return sql`select r.name, r.state from directory_record r join directory_source t on t.id = r.source
    where r.kind = ${sql.lit(kind)} and r.key = ${sql.ref(`near.${link}`)}
    order by r.state in ('stub', 'vanished'), t.rank limit 1`;
}
