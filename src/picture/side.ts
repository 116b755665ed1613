/** The left part of the sheet: the territory in words and on its map, and the legend. */
import { mapOf } from './map.ts';
import { departments, regionNames } from './outlines.ts';
import { accents, blue, grey, ink, paleBlue, rule } from './palette.ts';
import { type Paragraph, paragraphs } from './rows.ts';
import { element, line, words } from './svg.ts';
import type { NetworkPicture, Section, Territory } from './types.ts';

const mapHeight = 232;
/** More communes than this become a section of the sheet. */
const communesBeside = 24;

export type Side = { height: number; draw(x: number, y: number): string };

/** A section of the communes when they are too many to stand beside the map. */
export function communeSections({ communes }: Territory): Section[] {
  if (communes.length <= communesBeside) return [];
  const items = communes.map((title) => ({ title, lines: [], children: [] }));
  return [{ heading: 'Communes', note: [], style: 'text', items }];
}

/** Heading, map, lists and legend in a column of a width. */
export function sideOf({ territory, sections }: NetworkPicture, width: number): Side {
  const known =
    territory.name !== undefined || territory.region !== undefined || territory.departments.size > 0;
  const title = paragraphs(
    [
      { text: known ? 'Territoire' : '', font: { size: 11.5, bold: true }, most: 1 },
      { text: territory.name ?? '', font: { size: 10.5 }, most: 4 },
      { text: regionText(territory), font: { size: 9 }, fill: grey, most: 2 },
    ],
    width,
  );
  const map = mapOf(territory, 0, 0, width, mapHeight);
  const below = paragraphs(lists(territory), width);
  const legend = legendOf(territory, sections);
  const mapTop = title.height + 8;
  const listTop = mapTop + (map ? mapHeight + 10 : 0);
  const legendTop = listTop + below.height + 14;
  return {
    height: legendTop + legend.height,
    draw: (x, y) =>
      title.draw(x, y) +
      (map ? element('g', { transform: `translate(${x} ${Math.round((y + mapTop) * 10) / 10})` }, map) : '') +
      below.draw(x, y + listTop) +
      legend.draw(x, y + legendTop),
  };
}

function regionText({ region, departments: covered }: Territory): string {
  const name = region === undefined ? undefined : regionNames[region];
  if (!name) return '';
  return covered.size ? `Région ${name}` : `Région ${name} (départements non précisés)`;
}

function lists({ departments: covered, communes, places }: Territory): Paragraph[] {
  const order = departments.map(({ id }) => id);
  const named = [...covered]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([code, { name, detail }]) => `${name} (${code}${detail ? `, ${detail}` : ''})`);
  const small = { size: 9 };
  const list = (label: string, items: readonly string[], most: number): Paragraph[] =>
    items.length ? [{ text: `${label} : ${items.join(', ')}`, font: small, most }] : [];
  return [
    ...list(named.length > 1 ? 'Départements' : 'Département', named, 20),
    ...list(
      communes.length > 1 ? 'Communes' : 'Commune',
      communes.slice(0, communesBeside),
      communes.length > communesBeside ? 0 : 20,
    ),
    ...list('Secteurs', places, 20),
  ].filter(({ most }) => most > 0);
}

type Sign = { text: string; draw(x: number, y: number): string };

function legendOf({ departments: covered, region }: Territory, sections: readonly Section[]): Side {
  const coverages = new Set([...covered.values()].map(({ coverage }) => coverage));
  const signs: Sign[] = [
    ...(coverages.has('whole') ? [square('Département couvert', blue)] : []),
    ...(coverages.has('part') ? [square('Département couvert en partie', 'url(#partie)')] : []),
    ...(region === undefined ? [] : [square(covered.size ? 'Reste de la région' : 'Région', paleBlue)]),
    ...(sections.some(({ style }) => style === 'affiliated') ? [link] : []),
  ];
  const step = 15;
  const title = signs.length ? 16 : 0;
  return {
    height: title + signs.length * step,
    draw: (x, y) =>
      (signs.length ? words('Légende', x, y + 10, { size: 9.5, bold: true }, { fill: ink }) : '') +
      signs
        .map((sign, index) => {
          const top = y + title + index * step;
          return sign.draw(x, top) + words(sign.text, x + 28, top + 9, { size: 9 }, { fill: grey });
        })
        .join(''),
  };
}

function square(text: string, fill: string): Sign {
  return {
    text,
    draw: (x, y) => element('rect', { x, y, width: 20, height: 11, fill, stroke: rule, 'stroke-width': 0.6 }),
  };
}

const link: Sign = {
  text: 'Structure rattachée au réseau à cette date',
  draw: (x, y) =>
    line(
      [
        [x, y + 6],
        [x + 20, y + 6],
      ],
      { stroke: accents.affiliated, 'stroke-width': 1.2 },
    ),
};
