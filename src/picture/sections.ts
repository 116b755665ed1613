/** Each section of a picture as rows for columns of a given width. */
import { accents, grey, ink, paper, rule } from './palette.ts';
import { type Block, linesRow, type Paragraph, paragraphs, type Row, triangle } from './rows.ts';
import { element, line, words } from './svg.ts';
import { wrap } from './text.ts';
import type { Item, Section } from './types.ts';

/** Longer lists are set without frames, one or two lines an item. */
const framedItems = 40;
/** Units drawn inside one structure. */
const childrenDrawn = 40;
const gap = 5;

/** Rows of a section; at most `limit` items, the rest is counted. */
export function blockOf(section: Section, width: number, limit: number): Block {
  const accent = accents[section.style];
  const items = section.items.slice(0, limit);
  const left = section.items.length - items.length;
  const counted = ['affiliated', 'list', 'text'].includes(section.style) && section.items.length > 3;
  const title = counted ? `${section.heading} (${section.items.length})` : section.heading;
  const head = heading(title, section.note, accent, width);
  const again = heading(`${section.heading} (suite)`, [], accent, width);
  const rows = section.style === 'text' ? textRows(items, width) : itemRows(items, section, width, again);
  const more = section.terms ?? [];
  const terms = itemRows(more, { ...section, style: 'list', items: more }, width, again, accent);
  if (left) rows.push(note(`… et ${left} autre${left > 1 ? 's' : ''}, dans le fichier du réseau`, width));
  return [
    head,
    ...[...rows, ...terms].map((row) => ({ again: [again], ...row })),
    { height: 10, blank: true, draw: () => '' },
  ];
}

function itemRows(
  items: readonly Item[],
  section: Section,
  width: number,
  again: Row,
  accent = accents[section.style],
): Row[] {
  let under: string | undefined;
  return items.flatMap((item, index) => {
    const level = item.under ? subheading(item.under, width) : undefined;
    const opens = item.under !== under;
    under = item.under;
    const row = { ...rowOf(item, index, section, width, accent), again: level ? [again, level] : [again] };
    return level && opens ? [level, { ...row, again: [again] }] : [row];
  });
}

function heading(title: string, notes: readonly string[], accent: string, width: number): Row {
  const text = paragraphs(
    [
      { text: title, font: { size: 11.5, bold: true }, most: 4 },
      { text: notes.join('\u00a0· '), font: { size: 9 }, fill: grey, most: 8 },
    ],
    width - 4,
  );
  return {
    height: text.height + 8,
    glued: true,
    draw: (x, y) =>
      element('rect', { x: x - 16, y: y + 3, width: 9, height: 9, fill: accent }) + text.draw(x, y),
  };
}

function subheading(title: string, width: number): Row {
  const text = paragraphs([{ text: title, font: { size: 9.5, bold: true }, fill: grey, most: 3 }], width);
  return { ...linesRow(text, { above: 3, below: 3 }), glued: true };
}

function note(text: string, width: number): Row {
  return linesRow(paragraphs([{ text, font: { size: 9 }, fill: grey, most: 2 }], width), {
    above: 2,
    below: 4,
  });
}

function rowOf(item: Item, index: number, section: Section, width: number, accent: string): Row {
  const { style, items } = section;
  if (style === 'steps' || style === 'stages') return stepRow(item, index, section, width);
  if (items.length > framedItems) return plainRow(item, style === 'affiliated', width);
  return style === 'affiliated' ? cardRow(item, width) : bulletRow(item, accent, width, style === 'team');
}

function details(lines: readonly string[], most = 4): Paragraph[] {
  return lines.map((text) => ({ text, font: { size: 9 }, fill: grey, most }));
}

function cardRow(item: Item, width: number): Row {
  const text = paragraphs(
    [{ text: item.title, font: { size: 10.5, bold: true }, most: 5 }, ...details(item.lines)],
    width - 20,
  );
  const inside = childRows(item.children, width - 20);
  const height = text.height + inside.reduce((sum, row) => sum + row.height, 0) + 11;
  const draw = (x: number, y: number): string => {
    let below = y + 5 + text.height;
    const children = inside.map((row) => {
      below += row.height;
      return row.draw(x + 12, below - row.height);
    });
    return [
      element('rect', { x, y, width, height, rx: 3, fill: paper, stroke: rule, 'stroke-width': 0.8 }),
      element('rect', { x, y, width: 5, height, rx: 2, fill: accents.affiliated }),
      text.draw(x + 12, y + 5),
      ...children,
    ].join('');
  };
  return { height: height + gap, draw, branch: 12 };
}

function childRows(children: readonly Item[], width: number): Row[] {
  const rows = children.slice(0, childrenDrawn).flatMap((child) => {
    const text = paragraphs(
      [
        { text: child.title, font: { size: 9.5 }, most: 3 },
        ...details([child.lines.join('\u00a0· ')].filter(Boolean), 8),
      ],
      width - 12,
    );
    const own: Row = {
      height: text.height + 3,
      draw: (x, y) => triangle(x + 1, y + 8.5, 3, accents.affiliated) + text.draw(x + 10, y + 2),
    };
    const deeper = childRows(child.children, width - 12).map((row) => ({
      ...row,
      draw: (x: number, y: number) => row.draw(x + 12, y),
    }));
    return [own, ...deeper];
  });
  const left = children.length - childrenDrawn;
  return left > 0 ? [...rows, note(`… et ${left} autre${left > 1 ? 's' : ''}`, width)] : rows;
}

function bulletRow(item: Item, accent: string, width: number, seat: boolean): Row {
  const text = paragraphs(
    [
      { text: item.title, font: { size: 10 }, most: 6 },
      ...details([item.lines.join('\u00a0· ')].filter(Boolean)),
    ],
    width - 16,
  );
  const mark = (x: number, y: number): string =>
    seat
      ? element('circle', { cx: x + 5, cy: y + 4, r: 2.6, fill: accent }) +
        element('path', {
          d: `M${Math.round(x * 10) / 10} ${Math.round((y + 12) * 10) / 10}a5 5 0 0 1 10 0z`,
          fill: accent,
        })
      : element('circle', { cx: x + 5, cy: y + 7.5, r: 2.4, fill: accent });
  return { height: text.height + gap, draw: (x, y) => mark(x, y) + text.draw(x + 16, y) };
}

/** Titles one after the other, a row for each line. */
function textRows(items: readonly Item[], width: number): Row[] {
  const font = { size: 9 };
  return wrap(items.map(({ title }) => title).join(', '), width, font).map((text) =>
    linesRow(paragraphs([{ text, font, most: 2 }], width), {}),
  );
}

function plainRow({ title, lines, children }: Item, branched: boolean, width: number): Row {
  const all = [title, ...lines, ...children.map((child) => child.title)].join('\u00a0· ');
  const text = paragraphs([{ text: all, font: { size: 9 }, fill: ink, most: 3 }], width - 10);
  const dot = (x: number, y: number): string =>
    element('circle', { cx: x + 2, cy: y + 6.2, r: 1.8, fill: ink });
  return {
    height: text.height + 2,
    draw: (x, y) => dot(x, y) + text.draw(x + 10, y),
    ...(branched ? { branch: 6.2 } : {}),
  };
}

function stepRow(item: Item, index: number, { items, style }: Section, width: number): Row {
  const accent = accents[style];
  const last = style === 'stages' && index === items.length - 1;
  const lines = last ? [...item.lines, 'Étape actuelle'] : item.lines;
  const text = paragraphs(
    [{ text: item.title, font: { size: 10, bold: style === 'steps' || last }, most: 5 }, ...details(lines)],
    width - 28,
  );
  const height = Math.max(text.height + 10, 30);
  const draw = (x: number, y: number): string => {
    const number = words(
      String(index + 1),
      x + 9,
      y + 12.5,
      { size: 9, bold: true },
      { fill: paper, 'text-anchor': 'middle' },
    );
    const arrow = items[index + 1]?.linked
      ? line(
          [
            [x + 9, y + 18],
            [x + 9, y + height - 4],
          ],
          { stroke: accent, 'stroke-width': 1.4 },
        ) + triangle(x + 9, y + height - 2, 3.4, accent, true)
      : '';
    return (
      element('circle', { cx: x + 9, cy: y + 9, r: 9, fill: accent }) +
      number +
      arrow +
      text.draw(x + 26, y + 2)
    );
  };
  return { height, draw };
}
