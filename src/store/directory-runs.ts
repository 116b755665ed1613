/** Runs of the directory's synchronisation: begun, gone on with, ended; and the sources they are of. */
import { sql } from 'kysely';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import { pagesLost } from './directory-page.ts';
import { partitionName } from './directory-partition.ts';
import type { DirectoryRunStatus } from './schema-directory.ts';
import type { Db } from './store.ts';

/** What ends a run or a step of it. */
export type DirectoryRunChange = {
  status: DirectoryRunStatus;
  /** Merged into what is there. */
  summary?: { [name: string]: unknown };
  complete?: boolean;
  asOf?: Date;
  finishedAt?: Date;
};

/** What a source's row says after a run was applied; kept with the run, so that a roll back brings it back. */
export type SourcePosition = {
  cursor: Json;
  asOf: string | null;
  lastFullRun: number | null;
  lastFullAt: string | null;
};

export type DirectoryRunsRepository = ReturnType<typeof directoryRunsRepository>;

/** Runs and sources, on the pool or in a transaction. */
export function directoryRunsRepository(db: Db) {
  return {
    /** Makes a source known, or its new rank and kind. */
    async register(source: { id: string; kind: string; rank: number }): Promise<void> {
      const { kind, rank } = source;
      await db
        .insertInto('directory_source')
        .values(source)
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ kind, rank }))
        .execute();
    },

    /** True while the fence holds; the lease cannot pass to another until this transaction ends. */
    async holds(lease: { name: string; fence: number }): Promise<boolean> {
      const { rows } = await sql`
        select from lease where name = ${lease.name} and fence = ${lease.fence} for share`.execute(db);
      return rows.length > 0;
    },

    /** Whether the table of a source's rows is there, and whether readers see it. */
    async partition(source: string): Promise<'absent' | 'loading' | 'attached'> {
      const { rows } = await sql<{ attached: boolean }>`
        select relispartition as attached from pg_class where oid = to_regclass(${partitionName(source)})`.execute(
        db,
      );
      if (!rows[0]) return 'absent';
      return rows[0].attached ? 'attached' : 'loading';
    },

    async begin(run: {
      source: string;
      mode: 'full' | 'delta' | 'rollback';
      actor: string;
      startedAt: Date;
      summary: { [name: string]: unknown };
    }): Promise<number> {
      const { source, mode, actor, startedAt, summary } = run;
      const row = await db
        .insertInto('directory_run')
        .values({
          source,
          mode,
          actor,
          status: 'reading',
          started_at: startedAt,
          summary: JSON.stringify(summary),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async change(run: number, change: DirectoryRunChange): Promise<void> {
      const { status, summary = {}, complete, asOf, finishedAt } = change;
      await db
        .updateTable('directory_run')
        .set({
          status,
          summary: sql`summary || ${JSON.stringify(summary)}::jsonb`,
          ...(complete === undefined ? {} : { complete }),
          ...(asOf === undefined ? {} : { as_of: asOf }),
          ...(finishedAt === undefined ? {} : { finished_at: finishedAt }),
        })
        .where('id', '=', run)
        .execute();
    },

    /** Drops what a run staged; `firstLoad`: with the table it was filling. */
    async discard(run: { id: number; source: string; firstLoad: boolean }): Promise<void> {
      await db.deleteFrom('directory_stage').where('run', '=', run.id).execute();
      if (!run.firstLoad || (await this.partition(run.source)) !== 'loading') return;
      await sql`drop table ${sql.table(partitionName(run.source))}`.execute(db);
    },

    /** The last committed page, if there is one: where reading goes on. */
    async lastPage(run: number): Promise<{ seq: number; checkpoint: Json } | undefined> {
      return db
        .selectFrom('directory_page')
        .where('run', '=', run)
        .select(['seq', 'checkpoint'])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
    },

    /**
     * Nothing is concluded from pages before all of them are on disk, as they are when this transaction is.
     * @throws GatewayError (unavailable) when the last one is not there
     */
    async endReading(run: number, pages: number): Promise<void> {
      const last = await this.lastPage(run);
      if ((last?.seq ?? -1) + 1 !== pages) throw pagesLost();
      await this.change(run, { status: 'reading' });
    },

    /** What the pages of a run showed of held records: beginnings of their hashes, page by page. */
    async *seen(run: number): AsyncGenerator<Buffer> {
      for (let after = -1; ;) {
        const rows = await db
          .selectFrom('directory_page')
          .where('run', '=', run)
          .where('seq', '>', after)
          .select(['seq', 'seen'])
          .orderBy('seq')
          .limit(50)
          .execute();
        for (const { seen } of rows) if (seen) yield seen;
        if (rows.length === 0) return;
        after = rows.at(-1)!.seq;
      }
    },

    /** Sums of a run's pages; `issues`: at most `most` of them, and how many there were. */
    async read(
      run: number,
      most: number,
    ): Promise<{ pages: number; rows: number; issues: Issue[]; issueCount: number }> {
      const { rows } = await sql<{ pages: number; rows: number; issueCount: number }>`
        select count(*)::int as pages, coalesce(sum(rows), 0)::int as rows,
          coalesce(sum(jsonb_array_length(issues)), 0)::int as "issueCount"
        from directory_page where run = ${run}`.execute(db);
      const { rows: found } = await sql<{ issue: Issue }>`
        select issue from directory_page, jsonb_array_elements(issues) issue
        where run = ${run} and issues <> '[]'
        order by (issue ->> 'rule') like 'brake:%' desc nulls last, seq limit ${most}`.execute(db);
      return { ...rows[0]!, issues: found.map(({ issue }) => issue) };
    },

    /** A compared run needs no memory of what it saw. */
    async forgetSeen(run: number): Promise<void> {
      await sql`update directory_page set seen = null where run = ${run} and seen is not null`.execute(db);
    },

    /** Where a source stands after an applied run. */
    async move(source: string, run: number, position: SourcePosition): Promise<void> {
      await db
        .updateTable('directory_source')
        .set({
          cursor: position.cursor === null ? null : JSON.stringify(position.cursor),
          as_of: position.asOf === null ? null : new Date(position.asOf),
          last_run: run,
          last_full_run: position.lastFullRun,
          last_full_at: position.lastFullAt === null ? null : new Date(position.lastFullAt),
        })
        .where('id', '=', source)
        .execute();
    },

    /** Runs of a source after one that are in force: they are undone when it is gone back to. */
    async markUndone(source: string, after: number): Promise<void> {
      await db
        .updateTable('directory_run')
        .set({ status: 'undone' })
        .where('source', '=', source)
        .where('id', '>', after)
        .where('status', '=', 'applied')
        .execute();
    },
  };
}
