/** What stands in a column: rows of a known height that draw themselves where they are put. */
import type { Font } from './text.ts';
import { wrap } from './text.ts';
import { element, words } from './svg.ts';
import { ink } from './palette.ts';

export type Row = {
  height: number;
  /** SVG of the row with its upper left corner at (x, y). */
  draw(x: number, y: number): string;
  /** What heads the next column when the section goes on there from this row. */
  again?: Row[];
  /** Stays on the column of the row below. */
  glued?: boolean;
  /** Room only: needs no place at the foot of a column. */
  blank?: boolean;
  /** Distance from the top at which the line of an affiliation arrives. */
  branch?: number;
};

/** A section as rows. */
export type Block = Row[];

export type Paragraph = { text: string; font: Font; fill?: string; most: number };

/** Lines under each other. */
export type Lines = { height: number; draw(x: number, y: number): string };

const leading = 1.24;

/** Paragraphs wrapped to a width, each with its own font. */
export function paragraphs(list: readonly Paragraph[], width: number): Lines {
  const set: { text: string; font: Font; fill: string; baseline: number }[] = [];
  let height = 0;
  for (const { text, font, fill = ink, most } of list) {
    for (const piece of wrap(text, width, font, most)) {
      set.push({ text: piece, font, fill, baseline: height + font.size });
      height += font.size * leading;
    }
  }
  return {
    height,
    draw: (x, y) =>
      set.map((one) => words(one.text, x, y + one.baseline, one.font, { fill: one.fill })).join(''),
  };
}

/** A row of lines with room around them. */
export function linesRow(lines: Lines, room: { left?: number; above?: number; below?: number }): Row {
  const { left = 0, above = 0, below = 0 } = room;
  return { height: above + lines.height + below, draw: (x, y) => lines.draw(x + left, y + above) };
}

/** A filled triangle pointing right or down. */
export function triangle(x: number, y: number, size: number, fill: string, down = false): string {
  const points = down
    ? `${x - size},${y - size} ${x + size},${y - size} ${x},${y + size / 2}`
    : `${x},${y - size} ${x + size * 1.3},${y} ${x},${y + size}`;
  return element('polygon', {
    points: points.replace(/-?\d+\.\d+/g, (value) => Number(value).toFixed(1)),
    fill,
  });
}
