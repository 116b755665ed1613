/** The held directory as readers see it: records, and the runs that brought them. Keys are short (directory/keys.ts). */
import { type Selectable, sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import type { DirectoryHistoryRow, DirectoryRecordRow, DirectoryRunStatus } from './schema-directory.ts';
import type { Db } from './store.ts';

/** One record of one source, as the table has it. */
export type HeldRecord = Selectable<DirectoryRecordRow>;

export type DirectorySourceState = {
  id: string;
  kind: string;
  /** 0 ranks first. */
  rank: number;
  cursor: Json;
  /** The source's own date of what was last applied. */
  asOf: Date | null;
  lastRun: number | null;
  lastFullRun: number | null;
  lastFullAt: Date | null;
};

export type DirectoryRun = {
  id: number;
  source: string;
  mode: 'full' | 'delta' | 'rollback';
  status: DirectoryRunStatus;
  actor: string;
  startedAt: Date;
  finishedAt: Date | null;
  asOf: Date | null;
  complete: boolean;
  /** What src/directory/ writes there: counts of the plan, totals, issues, reason of a failure. */
  summary: Json;
  report: Json;
};

export type DirectoryPage = {
  seq: number;
  checkpoint: Json;
  /** SHA-256 of the bytes read, hexadecimal. */
  digest: string;
  rows: number;
  tally: Json;
  issues: Json;
};

/** What a run changed of a record that was there: `before` is the whole row as it stood. */
export type DirectoryChange = {
  run: number;
  source: string;
  kind: string;
  key: string;
  op: DirectoryHistoryRow['op'];
  before: HeldRecord;
};

export type DirectoryRepository = ReturnType<typeof directoryRepository>;

/** Reading the held directory, on the pool or in a transaction. */
export function directoryRepository(db: Db) {
  const runs = () =>
    db
      .selectFrom('directory_run')
      .select([
        'id',
        'source',
        'mode',
        'status',
        'actor',
        'started_at as startedAt',
        'finished_at as finishedAt',
      ])
      .select(['as_of as asOf', 'complete', 'summary', 'report']);

  return {
    /** What the sources say of one record, first the source that ranks first: that row is what readers show. */
    async records(kind: string, key: string): Promise<HeldRecord[]> {
      return db
        .selectFrom('directory_record as r')
        .innerJoin('directory_source as s', 's.id', 'r.source')
        .where('r.kind', '=', kind)
        .where('r.key', '=', key)
        .orderBy('s.rank')
        .orderBy('s.id')
        .selectAll('r')
        .execute();
    },

    /** The sources that were ever synchronised, first that ranks first. */
    async sources(): Promise<DirectorySourceState[]> {
      return db
        .selectFrom('directory_source')
        .select(['id', 'kind', 'rank', 'cursor', 'as_of as asOf', 'last_run as lastRun'])
        .select(['last_full_run as lastFullRun', 'last_full_at as lastFullAt'])
        .orderBy('rank')
        .orderBy('id')
        .execute();
    },

    /** Records in use, by source and kind. */
    async counts(): Promise<{ source: string; kind: string; count: number }[]> {
      const { rows } = await sql<{ source: string; kind: string; count: number }>`
        select source, kind, count(*)::int as count from directory_record
        where state = 'active' group by source, kind order by source, kind`.execute(db);
      return rows;
    },

    async run(id: number): Promise<DirectoryRun | undefined> {
      return runs().where('id', '=', id).executeTakeFirst();
    },

    /** Newest first; of one source when it is named. */
    async runs(limit: number, source?: string): Promise<DirectoryRun[]> {
      return runs()
        .$if(source !== undefined, (query) => query.where('source', '=', source!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
    },

    /** Pages of a run in the order they were read. */
    async pages(run: number): Promise<DirectoryPage[]> {
      return db
        .selectFrom('directory_page')
        .where('run', '=', run)
        .select(['seq', 'checkpoint', 'digest', 'rows', 'tally', 'issues'])
        .orderBy('seq')
        .execute();
    },

    /** Rows that a run changed, in the order of kind and key, after the given one; rows it only created are `created`. */
    async changes(
      run: number,
      limit: number,
      after: { kind: string; key: string } = { kind: '', key: '' },
    ): Promise<DirectoryChange[]> {
      const rows = await db
        .selectFrom('directory_history')
        .selectAll()
        .where('run', '=', run)
        .where(sql<boolean>`(kind, key) > (${after.kind}, ${after.key})`)
        .orderBy('kind')
        .orderBy('key')
        .limit(limit)
        .execute();
      return rows as unknown as DirectoryChange[];
    },

    /** Rows that a run created, likewise. */
    async created(
      run: { id: number; source: string },
      limit: number,
      after: { kind: string; key: string } = { kind: '', key: '' },
    ): Promise<HeldRecord[]> {
      return db
        .selectFrom('directory_record')
        .selectAll()
        .where('source', '=', run.source)
        .where('changed_run', '>=', run.id) // has an index
        .where('created_run', '=', run.id)
        .where(sql<boolean>`(kind, key) > (${after.kind}, ${after.key})`)
        .orderBy('kind')
        .orderBy('key')
        .limit(limit)
        .execute();
    },
  };
}
