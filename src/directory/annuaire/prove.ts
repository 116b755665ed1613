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
  let last: Count & { digest?: string } = { kind, read: readOf(kind, progress, run), whole: false };
  for (let asked = 0; asked < mostAsked; asked += 1) {
    const conditions =
      progress.since === undefined ? [] : [{ axis: 'since', value: progress.since } as const];
    const outcome = await ask(addressOf(newSearch(kind, conditions), 1, run.asking.settings), run.asking);
    if (outcome.state !== 'bundle') continue;
    const { total } = pageOf(kind, outcome.bundle);
    if (total === undefined) continue;
    const whole = isWhole(kind, total, progress, run);
    const read = whole ? total : last.read;
    last = { kind, read, expected: total, whole, digest: outcome.digest };
    if (whole) break;
  }
  return last;
}

function readOf(kind: ServedKind, { resumed, counted }: Progress, { memory }: Run): number {
  return resumed ? (counted.get(kind) ?? 0) : memory.met(kind);
}

/**
 * One process met each id once and compares exactly. After a restart each search counts its own rows; of what changed
 * meanwhile and was read again, it is not known any more how much was new: none to all of it.
 */
function isWhole(kind: ServedKind, total: number, progress: Progress, { memory }: Run): boolean {
  if (!progress.resumed) return memory.met(kind) === total;
  const counted = progress.counted.get(kind) ?? 0;
  return counted <= total && total <= counted + (progress.late.get(kind) ?? 0);
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
