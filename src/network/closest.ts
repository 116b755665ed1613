/** The word nearest to one that was mistyped: at most a third of its letters differ; two swapped letters count as one. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 48) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates.slice(0, 1000)) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = distanceBetween(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Letters added, dropped, replaced or swapped with their neighbour (optimal string alignment), row by row; from `enough`
 * on, how many there are does not matter.
 */
export function distanceBetween(a: string, b: string, enough = Infinity): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeLast[j - 2]! + 1 : Infinity;
      row.push(Math.min(replaced, swapped, last[j]! + 1, row[j - 1]! + 1));
    }
    if (Math.min(...row) >= enough && Math.min(...last) >= enough) return enough;
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
