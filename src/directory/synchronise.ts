import { isGatewayError } from '../fhir/error.ts';
import type { DirectoryRun } from '../store/directory.ts';
import { applyRun } from './apply.ts';
import { requireLease, withLease } from './lease.ts';
import { openRun } from './open-run.ts';
import { outlast } from './outlast.ts';
import { planRun } from './plan-run.ts';
import { readRun } from './read-run.ts';
import { keepReport } from './report/write-report.ts';
import { summaryOf } from './run-summary.ts';
import type { SyncLease, SyncParts } from './sync-parts.ts';
import type { DirectorySource } from './types.ts';

export type SyncAsk = {
  /** Place of the source in the configuration. */
  rank: number;
  full?: boolean;
  planOnly?: boolean;
  confirm?: boolean;
  actor: string;
  signal: AbortSignal;
};

/** The last proven complete reading may be this old before everything is read again (P-10: a week leaves three of margin). */
const fullEveryMs = 7 * 24 * 3600 * 1000;
/** An unfinished run this old is finished, and the source is read once more. */
const oldMs = 3600 * 1000;

/**
 * Synchronises one source: reads, compares, and applies unless the brake holds it or only the plan is wanted. Answers the
 * run as it ended. A database that is away for a moment is waited for. Throws what the source or the database threw; the
 * run then is `failed`, nothing of it is applied, and the next one goes on after its last page.
 */
export async function synchronise(
  parts: SyncParts,
  source: DirectorySource,
  ask: SyncAsk,
): Promise<DirectoryRun> {
  const { store, clock } = parts;
  await store.directoryRuns.register({ id: source.id, kind: source.kind, rank: ask.rank });
  return withLease(parts, source.id, ask.signal, async (lease, signal) => {
    const once = () =>
      outlast(parts, signal, () => synchroniseOnce(parts, source, lease, { ...ask, signal }));
    const run = await once();
    const left = run.status === 'applied' && clock.now() - run.startedAt.getTime() > oldMs;
    return left && run.finished ? once() : run;
  });
}

async function synchroniseOnce(
  parts: SyncParts,
  source: DirectorySource,
  lease: SyncLease,
  ask: SyncAsk,
): Promise<DirectoryRun & { finished: boolean }> {
  const { store, log } = parts;
  const held = (await store.directory.sources()).find(({ id }) => id === source.id);
  const intent = ask.planOnly ? 'plan' : 'apply';
  const mode = ask.full ? 'full' : await dueMode(parts, source, held);
  const open = await openRun(parts, source, lease, { mode, intent, actor: ask.actor });
  const { id } = open.run;
  if (!open.planned) {
    try {
      const read = await readRun(store, source, open, lease, {
        signal: ask.signal,
        ...(mode === 'delta' && held?.cursor != null ? { cursor: held.cursor } : {}),
        ...(held?.asOf ? { asOf: held.asOf } : {}),
      });
      await planRun(parts, source, lease, open.run, read);
    } catch (error) {
      const refused = mode === 'delta' && isRefusal(error) && !(await store.directoryRuns.lastPage(id));
      if (!ask.signal.aborted) await markFailed(parts, lease, id, error);
      if (refused) return synchroniseOnce(parts, source, lease, { ...ask, full: true });
      throw error;
    }
  }
  const planned = (await store.directory.run(id))!;
  const confirmed = planned.status === 'braked' && ask.confirm === true;
  if (!ask.planOnly && (planned.status === 'planned' || confirmed)) await applyRun(parts, lease, planned);
  await keepReport(parts, id);
  const run = (await store.directory.run(id))!;
  log.info('directory.synchronised', {
    job: source.id,
    run: id,
    state: run.status,
    count: summaryOf(run).rows ?? 0,
  });
  return { ...run, finished: open.planned || open.nextSeq > 0 };
}

/** A source that cannot say what changed says so before its first page (P-10): then everything is read. */
function isRefusal(error: unknown): boolean {
  return isGatewayError(error) && (error.category === 'gone' || error.category === 'unprocessable');
}

/** Delta while a complete reading is less than a week old; full otherwise. */
async function dueMode(
  { store, clock }: SyncParts,
  source: DirectorySource,
  held: { cursor: unknown; lastFullAt: Date | null } | undefined,
): Promise<'full' | 'delta'> {
  if (!source.modes.includes('delta') || held?.cursor == null || !held.lastFullAt) return 'full';
  if (clock.now() - held.lastFullAt.getTime() >= fullEveryMs) return 'full';
  const [last] = await store.directory.runs(1, source.id);
  if (last?.mode === 'delta' && last.status === 'applied' && summaryOf(last).quarantined) return 'full';
  // a full reading that was asked for and ended early is gone on with
  if (last?.mode !== 'full') return 'delta';
  const waits = last.status === 'planned' && summaryOf(last).intent === 'apply';
  return waits || last.status === 'reading' || last.status === 'failed' ? 'full' : 'delta';
}

/** The reason is kept with the run; a run whose lease was lost is another's to tell. */
async function markFailed(parts: SyncParts, lease: SyncLease, run: number, error: unknown): Promise<void> {
  const { store, clock, log } = parts;
  const told = isGatewayError(error)
    ? {
        reason: error.message,
        failure: { category: error.category, side: error.side, retryable: error.retryable },
      }
    : {
        reason: 'Erreur imprévue de la passerelle.',
        failure: { category: 'fault', side: 'gateway', retryable: false },
      };
  log.warn('directory.failed', { run, category: told.failure.category, side: told.failure.side });
  await store
    .transaction(async (tx) => {
      await requireLease(tx, lease);
      await tx.directoryRuns.change(run, {
        status: 'failed',
        summary: told,
        finishedAt: new Date(clock.now()),
      });
    })
    .then(() => keepReport(parts, run))
    .catch(() => undefined); // it stays `reading`, and is gone on with like a killed one
}
