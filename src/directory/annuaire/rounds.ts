/** What is asked again when a kind's ids are fewer than its total: what changed meanwhile, then everything once more. */
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
  // after a restart of the process no ids tell what comes twice
  let mayRepeat = !progress.resumed;
  return {
    open(counts) {
      const left = counts.filter(({ whole }) => !whole);
      if (left.length === 0 || run.began === undefined) return false;
      const now = left.map(({ kind }) => run.memory.met(kind)).join();
      // nothing new: asking for changes again will not bring what is missing
      const stuck = now === met && progress.rounds > 1;
      met = now;
      if (!stuck && progress.rounds < mostRounds) {
        progress.rounds += 1;
        const value = new Date(run.began - lateOverlapMs).toISOString();
        return opened(left, [{ axis: 'since', value }], true);
      }
      const again = left.filter(
        ({ kind, read, expected = Infinity }) => !progress.short.has(kind) || read >= expected * nearly,
      );
      if (!mayRepeat || again.length === 0) return false;
      mayRepeat = false;
      for (const { kind } of again) run.detours.delete(kind);
      const { since } = progress;
      return opened(again, since === undefined ? [] : [{ axis: 'since', value: since }], 'again');
    },
  };

  function opened(kinds: readonly Count[], conditions: Condition[], late: Search['late']): boolean {
    const first = Math.max(-1, ...progress.open.keys()) + 1;
    kinds.forEach(({ kind }, index) => progress.open.set(first + index, newSearch(kind, conditions, late)));
    return true;
  }
}
