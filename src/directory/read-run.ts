import type { Store } from '../store/store.ts';
import { createKnown, type KnownRecords } from './known.ts';
import type { OpenRun } from './open-run.ts';
import { summaryOf } from './run-summary.ts';
import { stagedName, stagedRecord } from './staged-record.ts';
import type { SyncLease } from './sync-parts.ts';
import type { DirectorySource, ReadAsk, ReadEnd } from './types.ts';

/** The most issues that a page is kept with. */
const mostIssues = 100;

/**
 * Reads a source to its end; every page is committed with what is new in it, and `pages` counts them. Memory: two pages
 * and the hashes.
 */
export async function readRun(
  store: Store,
  source: DirectorySource,
  { run, nextSeq, resume }: OpenRun,
  lease: SyncLease,
  ask: Pick<ReadAsk, 'cursor' | 'asOf' | 'signal'>,
): Promise<{ end: ReadEnd; known: KnownRecords; pages: number }> {
  const { firstLoad = false } = summaryOf(run);
  const target = { run: run.id, source: source.id, firstLoad, lease };
  const known = createKnown();
  if (!firstLoad)
    await store.directoryBulk.heldHashes(source.id, source.derived ?? [], (hash, missed) =>
      known.hold(hash, missed),
    );
  if (resume !== undefined) {
    for await (const beginnings of store.directoryRuns.seen(run.id)) known.recall(beginnings);
    await store.directoryBulk.stagedHashes(target, (hash) => void known.stage(hash));
    known.takeSeen();
  }
  const mode = run.mode === 'delta' ? 'delta' : 'full';
  const reading = source.read({ ...ask, mode, known, ...(resume === undefined ? {} : { resume }) });
  let committed: Promise<void> = Promise.resolve();
  try {
    for (let seq = nextSeq; ; seq += 1) {
      const step = await reading.next();
      await committed;
      if (step.done) return { end: step.value, known, pages: seq };
      const { records, removed, unread = [], checkpoint, digest, rows, tally, issues } = step.value;
      const fresh = records.filter(({ hash }) => known.stage(hash)).map(stagedRecord);
      const named = [
        ...removed.map((one) => stagedName(one, 'removed')),
        // nothing is held yet that could be missing
        ...(firstLoad ? [] : unread.map((one) => stagedName(one, 'unread'))),
      ];
      const page = {
        seq,
        checkpoint,
        digest,
        rows,
        tally: { ...tally },
        issues: issues.slice(0, mostIssues),
      };
      committed = store.directoryBulk.commitPage(target, [...fresh, ...named], {
        ...page,
        seen: known.takeSeen(),
      });
      if (source.readsAhead)
        committed.catch(() => undefined); // told when the next page is there
      else await committed;
      ask.signal.throwIfAborted();
    }
  } catch (error) {
    await committed.catch(() => undefined); // a run that ends is not written to any more
    await reading.return(undefined as never).catch(() => undefined); // the source closes what it has open
    throw error;
  }
}
