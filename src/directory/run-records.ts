import { readableChanges } from '../change/readable.ts';
import type { SyncedRecord } from '../directory-operations.ts';
import type { DirectoryRun } from '../store/directory.ts';
import type { RunRecord, RunRecordPlace } from '../store/directory-run-records.ts';
import type { Store } from '../store/store.ts';
import { longKey } from './keys.ts';
import { resourceOf } from './resource.ts';
import { summaryOf } from './run-summary.ts';

/** Words of the history and of the comparison, as plans have them. */
const ops: Readonly<Record<string, SyncedRecord['op']>> = { removed: 'closed' };

/** What a run changes or changed: the first `limit` records of each kind, or `limit` after a place. Fields are compared here only. */
export async function runRecords(
  { directoryRunRecords: records, directoryRuns }: Pick<Store, 'directoryRunRecords' | 'directoryRuns'>,
  run: DirectoryRun,
  limit: number,
  after?: RunRecordPlace,
): Promise<SyncedRecord[]> {
  const of = { run: run.id, source: run.source };
  const { firstLoad = false } = summaryOf(run);
  const there = await directoryRuns.partition(run.source);
  if (there === 'absent' || (there === 'loading' && !firstLoad)) return [];
  if (run.status === 'planned' || run.status === 'braked')
    return (firstLoad ? await records.loaded(of, limit, after) : await records.planned(of, limit, after)).map(
      told,
    );
  if (run.status !== 'applied' && run.status !== 'undone') return [];
  return (await records.applied(of, limit, after)).map(told);
}

/** One record with the fields that differ. */
export function told({ kind, key, op, before, after }: RunRecord): SyncedRecord {
  const succeeds = after?.succeeds;
  return {
    ...{
      kind,
      key: longKey(key),
      name: after?.name ?? before?.name ?? '',
      op: ops[op] ?? (op as SyncedRecord['op']),
    },
    fields:
      before !== null && after !== null && before.content !== null && after.content !== null
        ? readableChanges(resourceOf(before), resourceOf(after))
        : [],
    ...(succeeds != null && succeeds !== before?.succeeds ? { succeeds: longKey(succeeds) } : {}),
  };
}
