/** Cells of a line of a separated file without quoting: where they begin, and those that are wanted. */

import { addToDigest, type Digesting } from './digest.ts';

export type Cells = {
  /** Lays a line out; the number of its cells. */
  lay(text: string): number;
  /** A cell without the spaces around it; '' for a column that is not there (−1) or a line that ends before it. */
  at(column: number): string;
  /** Adds a cell to a digest, as `at` gives it, without making a text of it. */
  digest(column: number, into: Digesting): void;
};

/** One reader serves a whole file: `at` speaks of the line last laid out. */
export function createCells(separator: string): Cells {
  const bar = separator.charCodeAt(0);
  let line = '';
  let starts = new Int32Array(128);
  let count = 0;
  return {
    lay(text) {
      line = text;
      count = 1;
      starts[0] = 0;
      for (let at = 0; at < text.length; at += 1) {
        if (text.charCodeAt(at) !== bar) continue;
        if (count + 1 >= starts.length) starts = grown(starts);
        starts[count] = at + 1;
        count += 1;
      }
      starts[count] = text.length + 1;
      return count;
    },
    at(column) {
      if (column < 0 || column >= count) return '';
      const start = starts[column]!;
      const end = starts[column + 1]! - 1;
      if (start === end) return '';
      return isPadded(start, end) ? line.slice(start, end).trim() : line.slice(start, end);
    },
    digest(column, into) {
      if (column < 0 || column >= count) return;
      const start = starts[column]!;
      const end = starts[column + 1]! - 1;
      if (start === end) return;
      if (isPadded(start, end)) addToDigest(into, line.slice(start, end).trim());
      else addToDigest(into, line, start, end);
    },
  };

  function isPadded(start: number, end: number): boolean {
    return line.charCodeAt(start) <= 0x20 || line.charCodeAt(end - 1) <= 0x20;
  }
}

function grown(starts: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(starts.length * 2);
  larger.set(starts);
  return larger;
}
