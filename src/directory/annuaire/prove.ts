/** Whether all was read: records counted against the accurate total of each kind, asked for at the end (P-5, P-10). */
import type { ReadEnd } from '../types.ts';
import { ask } from './ask.ts';
import type { Run } from './follow.ts';
import type { ServedKind } from './options.ts';
import { pageOf } from './page.ts';
import type { Progress } from './progress.ts';
import { addressOf, newSearch } from './search.ts';

export type Count = ReadEnd['totals'][number] & { kind: ServedKind; whole: boolean };

/** A total that the API tells wrong once is asked for again. */
const mostAsked = 3;

/** Counts of a kind. `expected` is absent when the API gives no total. */
export async function countOf(
  kind: ServedKind,
  progress: Progress,
  run: Run,
): Promise<Count & { digest?: string }> {
  const read = readOf(kind, progress, run);
  let last: Count & { digest?: string } = { kind, read, whole: false };
  for (let asked = 0; asked < mostAsked; asked += 1) {
    const conditions =
      progress.since === undefined ? [] : [{ axis: 'since', value: progress.since } as const];
    const outcome = await ask(addressOf(newSearch(kind, conditions), 1, run.asking.settings), run.asking);
    if (outcome.state !== 'bundle') continue;
    const { total } = pageOf(kind, outcome.bundle);
    if (total === undefined) continue;
    last = { kind, read, expected: total, whole: read === total, digest: outcome.digest };
    if (last.whole) break;
  }
  return last;
}

/**
 * One process met each id once. After a restart each search counts its own rows; what changed meanwhile proves nothing then,
 * for it is not known any more which of it was new (rounds.ts reads the kind anew).
 */
function readOf(kind: ServedKind, { byIds, counted }: Progress, { memory }: Run): number {
  return byIds.has(kind) ? memory.met(kind) : (counted.get(kind) ?? 0);
}

/** French, one reason a kind. */
export function whyIncomplete(counts: readonly Count[], { short }: Progress): string {
  const reasons = counts
    .filter(({ whole }) => !whole)
    .map(({ kind, read, expected }) => {
      const told =
        expected === undefined ? 'l’annuaire ne donne pas de total' : `${read} lues, ${expected} annoncées`;
      const why = short.get(kind);
      return `${kind} : ${told}${why ? ` (${why.slice(kind.length + 3)})` : ''}`;
    });
  return reasons.join(' ; ');
}
