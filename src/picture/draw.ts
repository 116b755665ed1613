/**
 * A network as a picture (SVG 1.1): its structures and what binds them, its territory, missions, teams, stages and steps.
 * The sheet is the smallest of A4 to A0 on which everything has its place; what even A0 cannot hold is counted.
 */
import { dateText } from './concepts.ts';
import { flow, type Placed } from './flow.ts';
import { hatching } from './map.ts';
import { outlineCredit } from './outlines.ts';
import { accents, blue, fonts, grey, ink, paper } from './palette.ts';
import { readPicture } from './read.ts';
import { type Lines, paragraphs } from './rows.ts';
import { blockOf } from './sections.ts';
import { communeSections, type Side, sideOf } from './side.ts';
import { element, escape, line } from './svg.ts';
import type { NetworkPicture, PictureRequest } from './types.ts';

type Sheet = readonly [wide: number, high: number, perMillimetre: number];
/** CSS pixels in a millimetre. */
const usual = 96 / 25.4;
/** ISO 216, landscape, with the units of the drawing in a millimetre: on A4 few things are drawn larger, many a little smaller. */
const sheets: readonly Sheet[] = [
  [297, 210, usual * 0.8],
  [297, 210, usual],
  [297, 210, usual * 1.15],
  [420, 297, usual],
  [594, 420, usual],
  [841, 594, usual],
  [1189, 841, usual],
];
const margin = 30;
const sideWidth = 276;
const columnWidth = 212;
const between = 22;
/** Room left of a column for the line of affiliations. */
const spine = 17;
/** No item is lower: what cannot fit is not laid out first. */
const lowestRow = 12;
/** Items of one section drawn, tried in turn: less than all only where the largest sheet is full. */
const limits = [Infinity, 3000, 1000, 300, 100, 30, 8, 0];

/** The picture as the text of an SVG file; undefined when the network's own Organization is not among the resources. */
export function drawNetwork(request: PictureRequest): string | undefined {
  const picture = readPicture(request);
  if (!picture) return undefined;
  for (const sheet of sheets.filter(([wide]) => wide === sheets[0]![0])) {
    const page = pageOf(picture, request, sheet, { limit: Infinity, tear: false });
    if (page) return page;
  }
  for (const limit of limits) {
    for (const sheet of limit === Infinity ? sheets : sheets.slice(-1)) {
      const page = pageOf(picture, request, sheet, { limit, tear: true });
      if (page) return page;
    }
  }
  return undefined;
}

function pageOf(
  picture: NetworkPicture,
  request: PictureRequest,
  [wide, high, perMillimetre]: Sheet,
  { limit, tear }: { limit: number; tear: boolean },
): string | undefined {
  const width = Math.round(wide * perMillimetre);
  const height = Math.round(high * perMillimetre);
  const head = headOf(picture, width - 2 * margin);
  const foot = footOf(request, picture, width - 2 * margin);
  const top = margin + head.height + 28;
  const room = height - margin - foot.height - 12 - top;
  const side = sideOf(picture, sideWidth);
  const left = margin + sideWidth + between;
  const free = width - margin - left;
  const columns = Math.floor((free + between) / (columnWidth + spine + between));
  const step = (free + between) / columns;
  const inside = step - between - spine;
  const tooMany = (items: number): boolean => items * lowestRow > columns * room;
  const sections = [...picture.sections, ...communeSections(picture.territory)];
  if (sections.some(({ items, style }) => style !== 'text' && tooMany(Math.min(items.length, limit))))
    return undefined;
  const placed = flow(
    sections.map((section) => blockOf(section, inside, limit)),
    columns,
    room,
    { tear },
  );
  if (!placed || side.height > room) return undefined;
  const columnAt = (column: number): number => left + column * step + spine;
  return sheet(picture, request, { wide, high, width, height }, [
    head.draw(margin, margin),
    side.draw(margin, top),
    bonds(placed, columnAt, top, margin + head.height),
    ...placed.map(({ row, column, y }) => row.draw(columnAt(column), top + y)),
    foot.draw(margin, height - margin - foot.height),
  ]);
}

/** The line from the network down each column, with a branch to every structure affiliated. */
function bonds(
  placed: readonly Placed[],
  columnAt: (column: number) => number,
  top: number,
  under: number,
): string {
  const branches = placed.filter(({ row }) => row.branch !== undefined);
  if (!branches.length) return '';
  const ends = new Map<number, number>();
  for (const { column, y, row } of branches) ends.set(column, top + y + row.branch!);
  const bar = top - 14;
  const last = Math.max(...ends.keys());
  const look = { stroke: accents.affiliated, 'stroke-width': 1.2 };
  const at = (column: number): number => columnAt(column) - 11.5;
  return [
    line(
      [
        [at(0), under],
        [at(0), bar],
        [at(last), bar],
      ],
      look,
    ),
    ...[...ends].map(([column, end]) =>
      line(
        [
          [at(column), bar],
          [at(column), end],
        ],
        look,
      ),
    ),
    ...branches.map(({ column, y, row }) => {
      const height = top + y + row.branch!;
      return line(
        [
          [at(column), height],
          [columnAt(column), height],
        ],
        look,
      );
    }),
  ].join('');
}

function headOf({ name, kind, facts }: NetworkPicture, width: number): Side {
  const title = paragraphs(
    [
      { text: name, font: { size: 20, bold: true }, fill: paper, most: 3 },
      { text: kind.join('\u00a0· '), font: { size: 11 }, fill: paper, most: 2 },
    ],
    width * (facts.length ? 0.58 : 1) - 28,
  );
  const beside = paragraphs(
    facts.map((text) => ({ text, font: { size: 9 }, fill: paper, most: 3 })),
    width * 0.4 - 16,
  );
  const height = Math.max(title.height, beside.height) + 18;
  return {
    height,
    draw: (x, y) =>
      element('rect', { x, y, width, height, rx: 4, fill: blue }) +
      title.draw(x + 14, y + 8) +
      beside.draw(x + width * 0.6, y + 10),
  };
}

function footOf({ at, source }: PictureRequest, { territory }: NetworkPicture, width: number): Lines {
  const credit = onMap(territory) ? ` Fond de carte : ${outlineCredit}.` : '';
  const text = `Réseau au ${dateText(at)}. Source : ${source}.${credit}`;
  return paragraphs([{ text, font: { size: 8 }, fill: grey, most: 4 }], width);
}

type Size = { wide: number; high: number; width: number; height: number };

function sheet(picture: NetworkPicture, request: PictureRequest, size: Size, content: string[]): string {
  const { wide, high, width, height } = size;
  const counted = picture.sections.map(({ heading, items }) => `${heading} : ${items.length}`);
  const covered = [...picture.territory.departments.values()].map(({ name }) => name);
  const description = [
    `${[...picture.kind, picture.name].join(', ')}, le ${dateText(request.at)}.`,
    ...(covered.length ? [`Départements : ${covered.join(', ')}.`] : []),
    ...(counted.length ? [`${counted.join(' ; ')}.`] : []),
  ].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}mm" height="${high}mm" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="titre texte" xml:lang="fr" font-family="${escape(fonts)}" fill="${ink}">`,
    `<title id="titre">${escape(picture.name)}</title>`,
    `<desc id="texte">${escape(description)}</desc>`,
    metadata(picture, request),
    `<defs>${hatching}</defs>`,
    element('rect', { width, height, fill: paper }),
    ...content,
    '</svg>',
    '',
  ].join('\n');
}

function onMap({ departments, region }: NetworkPicture['territory']): boolean {
  return departments.size > 0 || region !== undefined;
}

function metadata({ name, territory }: NetworkPicture, { at, source }: PictureRequest): string {
  const rights = onMap(territory) ? { rights: `Fond de carte : ${outlineCredit}` } : {};
  const facts = { title: name, date: at, source, language: 'fr', ...rights };
  const told = Object.entries(facts).map(([key, value]) => `<dc:${key}>${escape(value)}</dc:${key}>`);
  return `<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${told.join('')}</metadata>`;
}
