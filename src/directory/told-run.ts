import type { SyncRun } from '../directory-operations.ts';
import type { DirectoryRun } from '../store/directory.ts';
import { summaryOf } from './run-summary.ts';

/** A run for people and programs. */
export function toldRun(run: DirectoryRun): SyncRun {
  const { reason, incomplete, pages, rows, resumedAfter, counts, issues, issueCount, ambiguous } =
    summaryOf(run);
  const why = run.status === 'failed' ? reason : run.complete ? undefined : incomplete;
  return {
    ...{ run: run.id, source: run.source, mode: run.mode, status: run.status, actor: run.actor },
    startedAt: run.startedAt.toISOString(),
    ...(run.finishedAt ? { finishedAt: run.finishedAt.toISOString() } : {}),
    ...(run.asOf ? { asOf: run.asOf.toISOString() } : {}),
    complete: run.complete,
    ...(why === undefined ? {} : { reason: why }),
    ...(resumedAfter === undefined ? {} : { resumedAfter }),
    ...{ pages: pages ?? 0, rows: rows ?? 0, counts: counts ?? {}, issues: issues ?? [] },
    ...{ issueCount: issueCount ?? 0, ambiguous: ambiguous ?? [] },
  };
}
