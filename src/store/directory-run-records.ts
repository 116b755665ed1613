/** What a run changes or changed, record by record, before and after: for people who read a plan or a run. */
import { type RawBuilder, sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { HeldRecord } from './directory.ts';
import type { Db } from './store.ts';

/** `before` is null for what is created, `after` for what vanishes or stays ambiguous. Hashes are hexadecimal text here. */
export type RunRecord = {
  kind: string;
  key: string;
  op: string;
  before: HeldRecord | null;
  after: HeldRecord | null;
};

export type RunRecordPlace = { kind: string; key: string };

export type DirectoryRunRecordsRepository = ReturnType<typeof directoryRunRecordsRepository>;

type Of = { run: number; source: string };

/** Lists in the order of kind and key: the first `limit` of each kind, or `limit` after a place. */
export function directoryRunRecordsRepository(db: Db) {
  const list = async (
    rows: RawBuilder<unknown>,
    limit: number,
    after?: RunRecordPlace,
  ): Promise<RunRecord[]> => {
    const some = after
      ? sql`select kind, key, op, before, after from (${rows}) r
          where (kind, key) > (${after.kind}, ${after.key}) order by kind, key limit ${limit}`
      : sql`select kind, key, op, before, after from (
          select r.*, row_number() over (partition by kind order by key) as place from (${rows}) r) numbered
          where place <= ${limit} order by kind, key`;
    return (await sql<RunRecord>`${some}`.execute(db)).rows;
  };
  return {
    /** Of a run that is compared and not applied. */
    planned({ run, source }: Of, limit: number, after?: RunRecordPlace): Promise<RunRecord[]> {
      return list(
        sql`
          select distinct on (s.kind, s.key) s.kind, s.key, s.verdict as op, to_jsonb(t) as before,
            case when s.verdict in ('created', 'changed', 'closed', 'reopened', 'moved')
              then to_jsonb(s) || jsonb_build_object('source', ${source}::text) end as after
          from directory_stage s left join ${partitionOf(source)} t on t.kind = s.kind and t.key = s.key
          where s.run = ${run} and s.verdict <> 'seen' order by s.kind, s.key`,
        limit,
        after,
      );
    },

    /** Of a first load, before and after it is applied. */
    loaded({ run, source }: Of, limit: number, after?: RunRecordPlace): Promise<RunRecord[]> {
      return list(
        sql`
          select kind, key, 'created' as op, null::jsonb as before, to_jsonb(t) as after
          from ${partitionOf(source)} t where created_run = ${run}`,
        limit,
        after,
      );
    },

    /** Of a run that was applied, as the records stood right after it. */
    applied({ run, source }: Of, limit: number, after?: RunRecordPlace): Promise<RunRecord[]> {
      const next = (kind: string, key: string) => sql`coalesce((
        select n.before from directory_history n
        where n.kind = ${sql.ref(kind)} and n.key = ${sql.ref(key)} and n.source = ${source} and n.run > ${run}
        order by n.run limit 1),
        (select to_jsonb(t) from ${partitionOf(source)} t where t.kind = ${sql.ref(kind)} and t.key = ${sql.ref(key)}))`;
      return list(
        sql`
          select h.kind, h.key, h.op, h.before, ${next('h.kind', 'h.key')} as after
          from directory_history h where h.run = ${run}
          union all
          select c.kind, c.key, 'created', null, ${next('c.kind', 'c.key')}
          from ${partitionOf(source)} c where c.changed_run >= ${run} and c.created_run = ${run}
            and not exists (
              select from directory_history h where h.run = ${run} and h.kind = c.kind and h.key = c.key)`,
        limit,
        after,
      );
    },
  };
}
