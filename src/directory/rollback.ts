/** A source goes back to the state after one of its runs, by a run of its own that can be undone in turn. */
import type { SyncCounts, SyncedRecord } from '../directory-operations.ts';
import { GatewayError } from '../fhir/error.ts';
import type { DirectoryRun } from '../store/directory.ts';
import type { Repositories, Store } from '../store/store.ts';
import { brakeIssues } from './brake.ts';
import { requireLease, withLease } from './lease.ts';
import { refreshOffers } from './offers.ts';
import { setAside } from './open-run.ts';
import { keepReport } from './report/write-report.ts';
import { noCounts, type RunSummary, summaryOf } from './run-summary.ts';
import { told } from './run-records.ts';
import type { SyncParts } from './sync-parts.ts';

type Planned = { target: DirectoryRun; summary: RunSummary; records: SyncedRecord[]; braked: boolean };

/** What going back to the state after a run would change: counts, and the first records. Writes nothing. */
export async function planSyncRollback(parts: SyncParts, run: number, limit: number): Promise<Planned> {
  return planned(parts, parts.store, run, limit);
}

/**
 * Goes back. What was created since is closed, what was changed says again what it said, and the next delta begins where
 * it began then. Throws `unprocessable` when the brake holds it, when there is nothing to undo, or while the source is read.
 */
export async function rollbackSync(
  parts: SyncParts,
  ask: { run: number; confirm?: boolean; actor: string; signal: AbortSignal },
): Promise<DirectoryRun> {
  const { store, clock } = parts;
  const { source } = await requireRun(store, ask.run);
  return withLease(parts, source, ask.signal, async (lease) => {
    const id = await store.transaction(async (tx) => {
      await requireLease(tx, lease);
      const { target, summary, braked } = await planned(parts, tx, ask.run, 0);
      if (!Object.keys(summary.counts ?? {}).length)
        throw refused('Rien à défaire : la source est déjà dans cet état (« passerelle sync history »).');
      if (braked && !ask.confirm) throw refused(summary.issues!.map(({ message }) => message).join(' '));
      const now = new Date(clock.now());
      const [last] = await tx.directory.runs(1, source);
      if (last) await setAside(tx, last, now);
      const position = summaryOf(target).position!;
      const begin = { source, mode: 'rollback' as const, actor: ask.actor, startedAt: now };
      const run = await tx.directoryRuns.begin({
        ...begin,
        summary: { ...summary, backTo: target.id, position },
      });
      await tx.directoryRuns.markUndone(source, target.id);
      await tx.directoryUndo.restore(run, { source, to: target.id });
      const communes = await tx.directoryApply.touchedCommunes({ run, source });
      const restored = await tx.directoryUndo.communes(run, source);
      const touched = [...new Set([...communes, ...restored])];
      if (touched.length > 0) await tx.directoryApply.refreshPlaces(touched);
      await refreshOffers(tx, { run, source });
      await tx.directoryRuns.move(source, run, position);
      await tx.directoryRuns.change(run, {
        ...{ status: 'applied', complete: target.complete, finishedAt: now },
        ...(position.asOf === null ? {} : { asOf: new Date(position.asOf) }),
      });
      return run;
    });
    await keepReport(parts, id);
    return (await store.directory.run(id))!;
  });
}

async function planned(
  { brake }: SyncParts,
  repositories: Repositories | Store,
  run: number,
  limit: number,
): Promise<Planned> {
  const target = await requireRun(repositories, run);
  const { position } = summaryOf(target);
  if ((target.status !== 'applied' && target.status !== 'undone') || !position)
    throw refused('Ce passage n’a rien appliqué : il n’y a pas d’état auquel revenir.');
  const back = { source: target.source, to: target.id };
  const counts: Record<string, SyncCounts> = {};
  for (const { kind, op, count } of await repositories.directoryUndo.counts(back)) {
    counts[kind] ??= { ...noCounts };
    counts[kind][op] += count;
  }
  const rows = limit > 0 ? await repositories.directoryUndo.list(back, limit, { kind: '', key: '' }) : [];
  const records = rows.map(({ kind, key, op, now, before }) =>
    told({ kind, key, op, before: now, after: before }),
  );
  const held = await repositories.directoryCompare.held(target.source);
  const asOf = position.asOf === null ? new Date(0) : new Date(position.asOf);
  const issues = brakeIssues({ counts, held, issues: [], asOf, heldAsOf: null }, brake);
  return {
    target,
    records,
    summary: { counts, issues, issueCount: issues.length },
    braked: issues.length > 0,
  };
}

async function requireRun(store: Pick<Repositories, 'directory'>, id: number): Promise<DirectoryRun> {
  const run = await store.directory.run(id);
  if (run) return run;
  throw new GatewayError({
    category: 'not-found',
    side: 'sender',
    message: `Passage de synchronisation inconnu : ${id} (« passerelle sync history »).`,
  });
}

function refused(message: string): GatewayError {
  return new GatewayError({ category: 'unprocessable', side: 'sender', message });
}
