import type { Issue } from '../fhir/issue.ts';
import type { DirectoryRun } from '../store/directory.ts';
import { brakeIssues, isMass } from './brake.ts';
import { compareRun } from './compare.ts';
import { compareFirstLoad } from './first-load.ts';
import type { KnownRecords } from './known.ts';
import { ambiguousIn, quarantineIssues } from './quarantine.ts';
import { requireLease } from './lease.ts';
import { mostKept, type RunSummary, summaryOf } from './run-summary.ts';
import type { SyncLease, SyncParts } from './sync-parts.ts';
import type { DirectorySource, ReadEnd } from './types.ts';

/** Compares what was read; the run is then planned, or braked when a person should look first. */
export async function planRun(
  { store, clock, brake }: SyncParts,
  source: DirectorySource,
  lease: SyncLease,
  run: DirectoryRun,
  { end, known, pages: committed }: { end: ReadEnd; known: KnownRecords; pages: number },
): Promise<'planned' | 'braked'> {
  const { firstLoad = false } = summaryOf(run);
  await store.transaction(async (tx) => {
    await requireLease(tx, lease);
    await tx.directoryRuns.endReading(run.id, committed);
  });
  const held = (await store.directory.sources()).find(({ id }) => id === source.id);
  const before = held?.lastFullRun ? await store.directory.run(held.lastFullRun) : undefined;
  const loaded = firstLoad ? await compareFirstLoad(store, source.id) : undefined;
  const proven = run.mode === 'full' && end.complete ? end.totals.map(({ kind }) => kind) : [];
  return store.transaction(async (tx) => {
    await requireLease(tx, lease);
    const of = { run: run.id, source: source.id };
    const { derived = [], keepsIds = false } = source;
    const unsettled = before ? ambiguousIn(summaryOf(before)) : [];
    const reading = { mode: run.mode, proven, derived, keepsIds, unsettled };
    const compared = loaded ?? (await compareRun(tx, of, known, reading));
    const { issues, issueCount, pages, rows } = await tx.directoryRuns.read(run.id, mostKept);
    // counting what is in use reads all of it: not for a night that changes hardly anything
    const mass = !loaded && isMass(compared.counts, brake);
    const inUse = mass ? await tx.directoryCompare.held(source.id) : {};
    const { rows: rowsBefore, totals: totalsBefore = [] } = before ? summaryOf(before) : {};
    const stopped: Issue[] = brakeIssues(
      {
        ...{
          counts: compared.counts,
          held: inUse,
          grown: before !== undefined,
          issues,
          asOf: end.asOf,
          heldAsOf: held?.asOf ?? null,
        },
        ...(run.mode === 'full' && rowsBefore !== undefined
          ? {
              readings: {
                now: { rows, totals: end.totals },
                before: { rows: rowsBefore, totals: totalsBefore },
              },
            }
          : {}),
      },
      brake,
    );
    const quarantined = quarantineIssues(compared.quarantined);
    const others = [...quarantined, ...issues.filter(({ rule }) => !rule?.startsWith('brake:'))];
    const summary: RunSummary = {
      ...{ counts: compared.counts, ambiguous: compared.ambiguous.slice(0, mostKept), pages, rows },
      ...{ issues: [...stopped, ...others].slice(0, mostKept), totals: end.totals },
      issueCount: issueCount + quarantined.length + stopped.filter((issue) => !issues.includes(issue)).length,
      ...(quarantined.length > 0 ? { quarantined: true } : {}),
      plannedAt: new Date(clock.now()).toISOString(),
      ...(end.cursor === undefined ? {} : { cursor: end.cursor }),
      ...(end.incomplete === undefined ? {} : { incomplete: end.incomplete }),
    };
    const status = stopped.length > 0 ? 'braked' : 'planned';
    await tx.directoryRuns.change(run.id, { status, summary, complete: end.complete, asOf: end.asOf });
    await tx.directoryRuns.forgetSeen(run.id);
    return status;
  });
}
