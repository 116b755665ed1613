/**
 * What is asked again when a kind's records are fewer than its total: kinds that a restart of the process cut, as a whole;
 * what changed meanwhile; then everything once more.
 */
import type { Run } from './follow.ts';
import type { Progress } from './progress.ts';
import type { Count } from './prove.ts';
import { type Condition, newSearch, type Search } from './search.ts';

/** Rounds in which is read what changed while the rest was read, and how far before the beginning they look. */
const mostRounds = 3;
const lateOverlapMs = 60_000;
/** Part of a kind from which it is read again although one of its searches could not be followed to its end. */
const nearly = 0.95;

export type Rounds = {
  /** Opens the next round's searches; false when there is nothing left to try. */
  open(counts: readonly Count[]): boolean;
};

export function createRounds(progress: Progress, run: Run): Rounds {
  let met: string | undefined;
  let rounds = 0;
  let mayRepeat = true;
  return {
    open(counts) {
      const left = counts.filter(({ whole }) => !whole);
      if (left.length === 0 || run.began === undefined) return false;
      const cut = left.filter((count) => !progress.byIds.has(count.kind) && isWorth(count));
      if (cut.length > 0) return anew(cut);
      const known = left.filter(({ kind }) => progress.byIds.has(kind));
      if (known.length === 0) return false;
      const now = known.map(({ kind }) => run.memory.met(kind)).join();
      // nothing new: asking for changes again will not bring what is missing
      const stuck = now === met && rounds > 1;
      met = now;
      if (!stuck && rounds < mostRounds) {
        rounds += 1;
        const value = new Date(run.began - lateOverlapMs).toISOString();
        return opened(known, [{ axis: 'since', value }], true);
      }
      const again = known.filter(isWorth);
      if (!mayRepeat || again.length === 0) return false;
      mayRepeat = false;
      for (const { kind } of again) run.detours.delete(kind);
      return opened(again, ofRun(), 'again');
    },
  };

  function isWorth({ kind, read, expected = Infinity }: Count): boolean {
    return !progress.short.has(kind) || read >= expected * nearly;
  }

  /** From its beginning, by this process: what was counted before it does not count any more. */
  function anew(kinds: readonly Count[]): boolean {
    for (const { kind } of kinds) {
      progress.byIds.add(kind);
      progress.counted.delete(kind);
      progress.short.delete(kind);
      run.detours.delete(kind);
    }
    return opened(kinds, ofRun());
  }

  function ofRun(): Condition[] {
    return progress.since === undefined ? [] : [{ axis: 'since', value: progress.since }];
  }

  function opened(kinds: readonly Count[], conditions: Condition[], late?: Search['late']): boolean {
    const first = Math.max(-1, ...progress.open.keys()) + 1;
    kinds.forEach(({ kind }, index) => progress.open.set(first + index, newSearch(kind, conditions, late)));
    return true;
  }
}
