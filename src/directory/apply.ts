import type { Json } from '../fhir/types.ts';
import type { DirectoryRun } from '../store/directory.ts';
import type { SourcePosition } from '../store/directory-runs.ts';
import type { Repositories } from '../store/store.ts';
import { finishFirstLoad } from './first-load.ts';
import { finessKeys, unseenLetter } from './keys.ts';
import { requireLease } from './lease.ts';
import { refreshOffers } from './offers.ts';
import { summaryOf } from './run-summary.ts';
import type { SyncLease, SyncParts } from './sync-parts.ts';

/** What begins this long (31 days) after or before the same ended may succeed it (P-2). */
const successionMs = 31 * 24 * 3600 * 1000;

/** Applies a compared run: all of it in one transaction, or nothing. Throws `conflict` when the lease was lost. */
export async function applyRun(parts: SyncParts, lease: SyncLease, run: DirectoryRun): Promise<void> {
  const { store, clock } = parts;
  const of = { run: run.id, source: run.source };
  const { firstLoad = false } = summaryOf(run);
  if (firstLoad) await finishFirstLoad(store, of);
  await store.transaction(async (tx) => {
    await requireLease(tx, lease);
    if (firstLoad) {
      await tx.directoryFirstLoad.attach(run.source);
      await tx.directoryApply.refreshPlaces();
    } else await applyStaged(tx, of, new Date(clock.now() - successionMs));
    await refreshOffers(tx, of, firstLoad);
    const position = await positionAfter(tx, run);
    await tx.directoryRuns.move(run.source, run.id, position);
    await tx.directoryRuns.change(run.id, {
      ...{ status: 'applied', summary: { position }, finishedAt: new Date(clock.now()) },
    });
    await tx.directoryRuns.discard({ id: run.id, source: run.source, firstLoad: false });
  });
}

async function applyStaged(
  { directoryApply, directorySuccession }: Repositories,
  of: { run: number; source: string },
  since: Date,
): Promise<void> {
  await directoryApply.resolveLinks(of, unseenLetter, false);
  await directoryApply.replaceStubs(of);
  await directoryApply.keepBefore(of);
  const succession = { ...of, since, structures: finessKeys };
  await directorySuccession.ofCreated(succession);
  await directorySuccession.ofEnded(succession);
  await directoryApply.write(of);
  const communes = await directoryApply.touchedCommunes(of);
  if (communes.length > 0) await directoryApply.refreshPlaces(communes);
}

/**
 * An incomplete reading is no ground for the deltas that come: the next complete one is due as before, and until then they
 * begin where they would have begun, for what it did not read.
 */
async function positionAfter(tx: Repositories, run: DirectoryRun): Promise<SourcePosition> {
  const before = (await tx.directory.sources()).find(({ id }) => id === run.source);
  const full = run.mode === 'full' && run.complete;
  return {
    cursor: cursorAfter(run, before?.cursor ?? null),
    asOf: run.asOf?.toISOString() ?? before?.asOf?.toISOString() ?? null,
    lastFullRun: full ? run.id : (before?.lastFullRun ?? null),
    lastFullAt: full ? run.startedAt.toISOString() : (before?.lastFullAt?.toISOString() ?? null),
  };
}

function cursorAfter(run: DirectoryRun, before: Json): Json {
  const { cursor = null } = summaryOf(run);
  if (run.mode === 'full') return run.complete ? cursor : (before ?? cursor);
  return cursor ?? (run.mode === 'delta' ? before : null);
}
