/** A source's first load: counted, indexed, attached. Every step can be repeated after a crash. */
import type { SyncCounts } from '../directory-operations.ts';
import type { Store } from '../store/store.ts';
import type { Compared } from './compare.ts';
import { longKey, unseenLetter } from './keys.ts';
import { noCounts } from './run-summary.ts';

/** Indexes built at a time: one a processor of the smallest machine this is for. */
const builders = 2;

/** One row a key, and how many there are: the plan of a first load. */
export async function compareFirstLoad(store: Store, source: string): Promise<Compared> {
  let ambiguous: string[] = [];
  if (!(await store.directoryFirstLoad.buildKey(source))) {
    const found = await store.transaction((tx) => tx.directoryFirstLoad.pick(source));
    ambiguous = found.map(({ kind, key }) => `${kind} ${longKey(key)}`);
    await store.directoryFirstLoad.buildKey(source);
  }
  const counts: Record<string, SyncCounts> = {};
  for (const { kind, count } of await store.directoryFirstLoad.counts(source)) {
    counts[kind] ??= { ...noCounts };
    counts[kind].created += count;
  }
  for (const one of ambiguous) {
    const kind = one.slice(0, one.indexOf(' '));
    counts[kind] ??= { ...noCounts };
    counts[kind].ambiguous += 1;
  }
  return { counts, ambiguous, quarantined: [] };
}

/** Links, indexes and statistics of a first load, before readers see it. */
export async function finishFirstLoad(store: Store, of: { run: number; source: string }): Promise<void> {
  await store.directoryFirstLoad.analyze(of.source, true);
  await store.transaction((tx) => tx.directoryApply.resolveLinks(of, unseenLetter, true));
  const statements = await store.directoryFirstLoad.indexes(of.source);
  await Promise.all(
    Array.from({ length: builders }, async () => {
      for (let next = statements.pop(); next !== undefined; next = statements.pop())
        await store.directoryFirstLoad.buildIndex(next);
    }),
  );
  await store.directoryFirstLoad.analyze(of.source);
}
