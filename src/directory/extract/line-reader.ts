/** Lines of an extract made readable, and refused when they are not. */
import { createCells } from '../files/cells.ts';
import type { CountedIssues } from '../files/counted-issues.ts';
import { createDecoder } from '../files/decoder.ts';
import { type ActivityLine, activityLine } from './activity-line.ts';
import type { OpenedExtract } from './open-extract.ts';
import { type RefusedLine, refusedLine } from './refused.ts';

/** A line of a block: its first byte, the one after its last, its number in the file. */
export type LineAt = { start: number; end: number; number: number };

export type LineReader = {
  line: ActivityLine;
  /** The line last read has all its cells. */
  readonly whole: boolean;
  /** What the line last read is about, where it cannot be used. */
  refused(): RefusedLine;
  /**
   * Lays a line of a block out for `line`; its person, or undefined when the line cannot be used. `loud`: counts what is
   * wrong. `cut`: the file ends in it, so that a missing separator at its end is not the custom of the issue but the place of
   * the cut.
   */
  read(block: Buffer, at: LineAt, how: { loud: boolean; cut: boolean }): string | undefined;
};

export function createLineReader(extract: OpenedExtract, issues: CountedIssues): LineReader {
  const cells = createCells('|');
  const decoder = createDecoder();
  const line = activityLine(cells, extract.columns);
  let whole = false;
  let count = 0;
  const refuse = (rule: string, number: number, loud: boolean): undefined => {
    if (loud) issues.add(rule, { line: number });
    return undefined;
  };
  return {
    line,
    get whole() {
      return whole;
    },
    refused: () => refusedLine(cells, line, { count, whole }),
    read(block, { start, end, number }, { loud, cut }) {
      const text = decoder.decode(block, start, end, () => void refuse('brake:encoding', number, loud));
      count = cells.lay(text);
      whole = cut ? count === extract.width : isWidth(count, extract.width);
      if (!whole) return refuse('line:cells', number, loud);
      const person = line.person();
      if (person === undefined) return refuse('line:person', number, loud);
      return line.cell('family') ? person : refuse('line:name', number, loud);
    },
  };
}

/** The separator after the last cell is there in some issues and not in others. */
export function isWidth(cells: number, header: number): boolean {
  return cells === header || cells === header + 1 || cells === header - 1;
}
