/**
 * Versions of held records, newest first. A version is the row as a run left it: the row itself, or what a later run put
 * away in directory_history. Neither ever changes, so pages go on where they were whatever is applied between them (P-20).
 */
import { type RawBuilder, sql } from 'kysely';
import { numberOf } from './directory-served-criteria.ts';
import { heldColumns, type HeldVersion, isShown, rankedSources } from './directory-served-rows.ts';
import type { Db } from './store.ts';

/** Place in a history: after the version that `run` gave `key`; `at` is when that run was applied. */
export type HeldPlace = { at: string; run: number; key: string };

/** What a history covers. `until` is the last run that its first page knew. */
export type HeldHistoryAsk = {
  kind: string;
  id?: string;
  since?: Date;
  /** Not after this instant: where another source's entries stand. */
  notAfter?: string;
  after?: HeldPlace;
  until: number;
  limit: number;
};

type Run = { id: number; at: string };

/** The reads of history, on the pool or in a transaction. */
export function heldHistory(db: Db) {
  return {
    /** The last run whose outcome readers see; 0 before the first. */
    async lastRun(): Promise<number> {
      const { rows } = await sql<{ id: number }>`
        select coalesce(max(id), 0) as id from directory_run where ${wasApplied}`.execute(db);
      return rows[0]!.id;
    },

    /**
     * Before this instant everything that will ever be dated before it can be read: a run being written now may carry a
     * date that has passed when it commits (P-11).
     */
    async settledUntil(now: Date): Promise<Date> {
      const { rows } = await sql<{ at: Date }>`
        select least(${now}::timestamptz, min(xact_start)) as at from pg_stat_activity
        where datname = current_database() and backend_xid is not null`.execute(db);
      return rows[0]!.at;
    },

    /** The version of a record that a run made: one row, or none. */
    async version(tenant: string, kind: string, id: string, run: number): Promise<HeldVersion[]> {
      return versionsOf(tenant, { kind, id, until: run, limit: 1 }, { id: run, at: '' });
    },

    /** Versions of a kind, or of one record, newest first, each with its place. */
    async history(tenant: string, asked: HeldHistoryAsk): Promise<(HeldVersion & { at: string })[]> {
      const found: (HeldVersion & { at: string })[] = [];
      for (let after = asked.after; found.length < asked.limit;) {
        const runs = await runsFrom(asked, after);
        for (const run of runs) {
          const rest = { ...asked, limit: asked.limit - found.length };
          const within = after && after.run === run.id ? { ...rest, after } : withoutPlace(rest);
          found.push(...(await versionsOf(tenant, within, run)).map((one) => ({ ...one, at: run.at })));
          if (found.length >= asked.limit) return found;
          after = { at: run.at, run: run.id, key: everyKey };
        }
        if (runs.length < runsAtOnce) return found;
      }
      return found;
    },
  };

  /** Runs in the order of a history, from the one that `after` stands in. */
  async function runsFrom(asked: HeldHistoryAsk, after: HeldPlace | undefined): Promise<Run[]> {
    const conditions = [
      wasApplied,
      sql`id <= ${asked.until}`,
      asked.id === undefined ? sql`true` : runsOf(asked.kind, asked.id),
      asked.since ? sql`finished_at >= ${asked.since}` : sql`true`,
      asked.notAfter ? sql`finished_at <= ${asked.notAfter}::timestamptz` : sql`true`,
      !after
        ? sql`true`
        : after.key === everyKey
          ? sql`(finished_at, id) < (${after.at}::timestamptz, ${after.run})`
          : sql`(finished_at, id) <= (${after.at}::timestamptz, ${after.run})`,
    ];
    const { rows } = await sql<Run>`
      select id, finished_at::text as at from directory_run where ${sql.join(conditions, sql` and `)}
      order by finished_at desc, id desc limit ${runsAtOnce}`.execute(db);
    return rows;
  }

  /**
   * What one run made of records of the kind, in the order of their keys. Each half is cut by itself, so that the first
   * load of a million rows is read along its index; a row that was put back stands in both.
   */
  async function versionsOf(tenant: string, asked: HeldHistoryAsk, run: Run): Promise<HeldVersion[]> {
    const view = { tenant, sources: await rankedSources(db) };
    const half = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
      select ${heldColumns('v')} from (${rows}) v join directory_run ru on ru.id = v.changed_run
      where ${isShown('v', view, asked.until)} order by v.kind, v.key limit ${asked.limit})`;
    const { rows } = await sql<HeldVersion>`
      select distinct on (key) * from (
        ${half(sql`select r.* from directory_record r
          where r.kind = ${asked.kind} and r.changed_run = ${run.id} ${narrowed('r', asked)}`)}
        union all
        ${half(sql`select (jsonb_populate_record(null::directory_record, h.before)).* from directory_history h
          where h.kind = ${asked.kind} and (h.before ->> 'changed_run')::bigint = ${run.id} ${narrowed('h', asked)}`)}
      ) v order by key limit ${asked.limit}`.execute(db);
    return rows;
  }
}

/** After the place, and of one record where one is asked for. */
function narrowed(alias: string, { after, id }: HeldHistoryAsk): RawBuilder<unknown> {
  const row = sql.ref(alias);
  return sql`${after ? sql`and ${row}.key > ${after.key}` : sql``}
    ${id === undefined ? sql`` : sql`and ${row}.key in (${keysOf(id)})`}`;
}

function keysOf(id: string): RawBuilder<unknown> {
  return sql`select o.key from directory_record o
    where directory_number(o.kind, o.key) = ${numberOf(id)}::bigint and directory_id(o.kind, o.key) = ${id}`;
}

/** The runs that made some version of one record. */
function runsOf(kind: string, id: string): RawBuilder<unknown> {
  return sql`(id in (
    select r.changed_run from directory_record r where r.kind = ${kind} and r.key in (${keysOf(id)})
    union
    select (h.before ->> 'changed_run')::bigint from directory_history h
    where h.kind = ${kind} and h.key in (${keysOf(id)})))`;
}

const runsAtOnce = 100;
/** Stands after every key: the run is done with. */
const everyKey = '\u{10FFFF}';

/** Readers saw what it did; a run that was undone was seen, too. */
const wasApplied = sql`status in ('applied', 'undone') and finished_at is not null`;

function withoutPlace({ after: _after, ...asked }: HeldHistoryAsk): HeldHistoryAsk {
  return asked;
}
