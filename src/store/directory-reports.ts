/** What reports of sync runs are made of beside the run and its pages, and where they are kept. */
import { sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type DirectoryReportsRepository = ReturnType<typeof directoryReportsRepository>;

export type CountedIssue = { rule: string; severity: string; count: number; example: string };

/** Most rules that are told. */
const mostRules = 1000;

/** Counts for reports, on the pool or in a transaction. */
export function directoryReportsRepository(db: Db) {
  return {
    /** Issues of a run's pages by rule and severity, the most frequent first, with one message of each. */
    async issues(run: number): Promise<CountedIssue[]> {
      const { rows } = await sql<CountedIssue>`
        select coalesce(i ->> 'rule', i ->> 'code') as rule, i ->> 'severity' as severity, count(*) as count,
          min(left(i ->> 'message', 2000)) as example
        from directory_page p, jsonb_array_elements(p.issues) i where p.run = ${run}
        group by 1, 2 order by 3 desc, 1, 2 limit ${mostRules}`.execute(db);
      return rows;
    },

    /** Targets of a source that nobody showed yet; those a run added, and those it found. */
    async dangling(
      source: string,
      run: number,
    ): Promise<{ open: number; created: number; resolved: number }> {
      const { rows } = await sql<{ open: number; created: number; resolved: number }>`
        select
          -- a stub has nothing but its id, which has an index
          (select count(*) from directory_record
            where source = ${source} and state = 'stub' and remote_id is not null) as open,
          (select count(*) from directory_record
            where source = ${source} and changed_run = ${run} and created_run = ${run} and state = 'stub') as created,
          (select count(*) from directory_history where run = ${run} and source = ${source} and before ->> 'state' = 'stub')
            as resolved`.execute(db);
      return rows[0]!;
    },

    /** When the last complete reading before a run ended, of those that are in force. */
    async previousComplete(source: string, run: number): Promise<Date | undefined> {
      const { rows } = await sql<{ at: Date }>`
        select finished_at as at from directory_run
        where source = ${source} and id < ${run} and mode = 'full' and complete and status = 'applied'
        order by id desc limit 1`.execute(db);
      return rows[0]?.at;
    },

    /** Keeps a run's report in place of an earlier one. */
    async save(run: number, report: Json): Promise<void> {
      await db
        .updateTable('directory_run')
        .set({ report: JSON.stringify(report) })
        .where('id', '=', run)
        .execute();
    },
  };
}
