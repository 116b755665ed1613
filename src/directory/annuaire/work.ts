/** A search being followed: its state ahead of what was handed over, and what only this process knows of it. */
import { digestNumber } from '../../fhir/digest-table.ts';
import { shortOf, tailOf } from '../api/tail.ts';
import type { Search } from './search.ts';

export type Work = {
  /** Its number in `Progress.open`. */
  number: number;
  /** Which of its beginnings this is: a row met under the same mark came twice. */
  mark: number;
  search: Search;
  size: number;
  /** The page that gave `search.next`, and whether it was asked for another one. */
  from?: string;
  askedAgain: boolean;
  /** Digests of the ids of its pages, to see a loop. */
  pages: Set<number>;
  /** Its rows, as far as they fit: to see one that comes twice when another search met it first. */
  rows: Set<number>;
  /** Rows of the page before a restart of the process. */
  tail: Set<number>;
};

const mostRows = 20_000;
let marks = 0;

export function newWork(number: number, search: Search, size: number): Work {
  marks += 1;
  const fresh = { askedAgain: false, pages: new Set<number>(), rows: new Set<number>() };
  return { number, mark: marks, search, size, ...fresh, tail: tailOf(search.tail) };
}

/** Whether the search meets this row for the first time. `first`: mark of whoever met it first in this process. */
export function isNewRow(work: Work, id: string, first: number | undefined): boolean {
  const digest = digestNumber(id);
  if (first === work.mark || work.rows.has(digest) || work.tail.has(shortOf(id))) return false;
  if (work.rows.size < mostRows) work.rows.add(digest);
  return true;
}
