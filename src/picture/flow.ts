/** Sections laid out in columns of one height, as a newspaper is: nothing overlaps, and a long section goes on in the next. */
import type { Block, Row } from './rows.ts';

export type Placed = { row: Row; column: number; y: number };

/** Places blocks in columns as low as they can be within `most`, torn if they `may` be; undefined when they do not fit. */
export function flow(
  blocks: readonly Block[],
  columns: number,
  most: number,
  may: { tear: boolean },
): Placed[] | undefined {
  const whole = lowest(blocks, columns, most, true);
  return whole ?? (may.tear ? lowest(blocks, columns, most, false) : undefined);
}

function lowest(
  blocks: readonly Block[],
  columns: number,
  most: number,
  whole: boolean,
): Placed[] | undefined {
  let found = place(blocks, columns, most, whole);
  if (!found) return undefined;
  let [low, high] = [0, Math.ceil(most)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const placed = place(blocks, columns, middle, whole);
    if (placed) [high, found] = [middle, placed];
    else low = middle;
  }
  return found;
}

/** Blocks placed in columns of a height; undefined when there are too few columns, or a section would have to be torn. */
function place(
  blocks: readonly Block[],
  columns: number,
  height: number,
  whole: boolean,
): Placed[] | undefined {
  const placed: Placed[] = [];
  let column = 0;
  let y = 0;
  const put = (row: Row): void => {
    placed.push({ row, column, y });
    y += row.height;
  };
  for (const rows of blocks) {
    if (whole && y > 0 && y + seen(rows) > height) [column, y] = [column + 1, 0];
    for (let start = 0; start < rows.length;) {
      let end = start + 1;
      while (end < rows.length && rows[end - 1]!.glued) end += 1;
      const together = rows.slice(start, end);
      if (y > 0 && y + seen(together) > height) {
        if (whole) return undefined;
        [column, y] = [column + 1, 0];
        rows[start]!.again?.forEach(put);
      }
      if (column >= columns || y + seen(together) > height) return undefined;
      together.forEach(put);
      start = end;
    }
  }
  return placed;
}

/** Height of rows without the room below the last. */
function seen(rows: readonly Row[]): number {
  return rows.reduce((height, row) => height + (row.blank ? 0 : row.height), 0);
}
