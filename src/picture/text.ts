/**
 * Words on paper: what may stand in an SVG, how wide it is, and how it breaks into lines. Widths are those of DejaVu
 * Sans (advance widths of its `hmtx` table), the widest of the fonts that the picture names: nothing overflows.
 */
import widths from './widths.json' with { type: 'json' };

export type Font = { size: number; bold?: boolean };

/** In thousandths of the size. Verdana's I and J are wider than DejaVu's. */
function table(byWidth: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [width, characters] of Object.entries(byWidth))
    for (const character of characters) found.set(character, Number(width));
  for (const letter of 'IJÌÍÎÏ') found.set(letter, Math.max(found.get(letter) ?? 0, 550));
  return found;
}

const regular = table(widths.regular);
const bold = table(widths.bold);

/** A character of a script that the table does not have is as wide as it is tall. */
const unknownWidth = 1000;

/** Width of a text in the units of its size. */
export function widthOf(text: string, font: Font): number {
  const known = font.bold ? bold : regular;
  let sum = 0;
  for (const character of text) sum += known.get(character) ?? unknownWidth;
  return (sum * font.size) / 1000;
}

/** Text as it may stand in XML 1.0: no control or direction characters, no half surrogates, one space at a time; what stands
 * before a no-break space stays with what follows. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\ufffe\uffff]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ')
    .trim();
}

/** Lines of at most `width`; a word too long is cut, and what exceeds `most` lines ends in an ellipsis. */
export function wrap(text: string, width: number, font: Font, most = Infinity): string[] {
  const lines: string[] = [];
  const space = widthOf(' ', font);
  let [line, used] = ['', 0];
  for (const word of pieces(clean(text), width, font)) {
    const room = widthOf(word, font);
    if (line && used + space + room > width) {
      lines.push(line);
      if (lines.length > most) break;
      [line, used] = [word, room];
    } else {
      used += line ? space + room : room;
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), shortened(lines[most - 1]!, width, font)];
}

/** Words, those wider than a line in pieces. */
function pieces(text: string, width: number, font: Font): string[] {
  return text.split(' ').flatMap((word) => (widthOf(word, font) <= width ? [word] : cut(word, width, font)));
}

function cut(word: string, width: number, font: Font): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece && widthOf(piece + character, font) > width) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}

function shortened(line: string, width: number, font: Font): string {
  let kept = [...line];
  while (kept.length && widthOf(`${kept.join('')}…`, font) > width) kept = kept.slice(0, -1);
  return `${kept.join('').trimEnd()}…`;
}
