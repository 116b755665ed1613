/** The run that a synchronisation works on: a new one, or the one that ended early. */
import type { Json } from '../fhir/types.ts';
import type { DirectoryRun } from '../store/directory.ts';
import { requireLease } from './lease.ts';
import { type RunSummary, summaryOf } from './run-summary.ts';
import type { SyncLease, SyncParts } from './sync-parts.ts';
import type { DirectorySource } from './types.ts';

export type OpenRun = {
  run: DirectoryRun;
  /** The run is compared already and only waits to be applied. */
  planned: boolean;
  nextSeq: number;
  resume?: Json;
};

/** What was read longer ago is read again. */
const staleMs = 24 * 3600 * 1000;

/**
 * Goes on with the source's last run when that ended early, in the same mode and not long ago; else begins one and sets
 * aside what was planned and never confirmed. A run that failed twice at the same page begins anew: its checkpoint may be
 * the fault.
 */
export async function openRun(
  { store, clock }: SyncParts,
  source: Pick<DirectorySource, 'id'>,
  lease: SyncLease,
  ask: { mode: 'full' | 'delta'; intent: 'apply' | 'plan'; actor: string },
): Promise<OpenRun> {
  const now = new Date(clock.now());
  const [last] = await store.directory.runs(1, source.id);
  const fresh = last !== undefined && now.getTime() - last.startedAt.getTime() < staleMs;
  if (last && fresh && last.mode === ask.mode) {
    const { intent, resumedAfter = [] } = summaryOf(last);
    if (last.status === 'planned' && intent === 'apply' && ask.intent === 'apply')
      return { run: last, planned: true, nextSeq: 0 };
    const page = await store.directoryRuns.lastPage(last.id);
    const stuck = last.status === 'failed' && resumedAfter.at(-1) === page?.seq;
    if (page && !stuck && (last.status === 'reading' || last.status === 'failed')) {
      const summary: RunSummary = {
        intent: ask.intent,
        resumedAfter: [...resumedAfter, page.seq].slice(-20),
      };
      await store.transaction(async (tx) => {
        await requireLease(tx, lease);
        await tx.directoryRuns.change(last.id, { status: 'reading', summary });
      });
      const run = (await store.directory.run(last.id))!;
      return { run, planned: false, nextSeq: page.seq + 1, resume: page.checkpoint };
    }
  }
  const id = await store.transaction(async (tx) => {
    await requireLease(tx, lease);
    if (last) await setAside(tx, last, now);
    const firstLoad = (await tx.directoryRuns.partition(source.id)) !== 'attached';
    if (firstLoad) await tx.directoryFirstLoad.prepare(source.id);
    const summary: RunSummary = { firstLoad, intent: ask.intent };
    return tx.directoryRuns.begin({
      source: source.id,
      mode: ask.mode,
      actor: ask.actor,
      startedAt: now,
      summary,
    });
  });
  return { run: (await store.directory.run(id))!, planned: false, nextSeq: 0 };
}

/** A run that was not applied makes room: what it staged is dropped. */
export async function setAside(
  tx: Parameters<typeof requireLease>[0],
  run: DirectoryRun,
  now: Date,
): Promise<void> {
  if (!['reading', 'failed', 'planned', 'braked'].includes(run.status)) return;
  const { firstLoad = false } = summaryOf(run);
  await tx.directoryRuns.discard({ id: run.id, source: run.source, firstLoad });
  if (run.status !== 'failed')
    await tx.directoryRuns.change(run.id, { status: 'abandoned', finishedAt: now });
}
