/** One page of a search as a Bundle, in the shape of the real API, with the quirks that concern pages. */
import { createHash } from 'node:crypto';
import type { EntryTexts } from './entry-texts.ts';
import type { Quirks, Target } from '../quirks/draws.ts';
import type { ServerQuirk } from '../quirks/names.ts';
import type { Population } from '../population/types.ts';
import { isChained } from './ask.ts';
import { includedWith } from './included.ts';
import type { Search, Searches } from './searches.ts';
import type { Place, Tokens } from './token.ts';

export type PageParts = {
  population: Population;
  searches: Searches;
  tokens: Tokens;
  quirks: Quirks;
  texts: EntryTexts;
};

/** Addresses that links of this answer lead to, without trailing slash. */
export type Bases = { base: string; otherPath: string; otherHost: string };

/** `bundle`: its JSON. */
export type Page = { bundle: string; rows: number; quirks: ServerQuirk[] };

/** Rows of a default page. */
export const defaultCount = 50;

/** The page at a place; `now` is the directory's instant, ms. */
export function pageAt(parts: PageParts, search: Search, place: Place, now: number, bases: Bases): Page {
  const { population, searches, tokens, quirks, texts } = parts;
  const { ask } = search;
  const struck: ServerQuirk[] = [];
  const draw = `${search.id}|${place.offset}`;
  const target: Target = { at: now, type: ask.type, draw };
  const strikes = (name: ServerQuirk, when = true): boolean => {
    if (!when || !quirks.strikes(name, target)) return false;
    struck.push(name);
    return true;
  };
  const later = place.offset > 0;
  const self = `${bases.base}/${ask.type}${ask.query ? `?${ask.query}` : ''}`;
  if (strikes('empty-after-chained', later && dependsOnOrganisation(search)) || strikes('dead-next', later)) {
    return {
      bundle: bundleOf(draw, now, [{ relation: 'self', url: self }], undefined, []),
      rows: 0,
      quirks: struck,
    };
  }

  const repeated = strikes('page-repeated', later && place.previous !== undefined && !place.repeated);
  const at = repeated
    ? { ...place, after: place.previous!, offset: Math.max(0, place.offset - search.pageSize) }
    : place;
  const asked = sizeOf(search, strikes('chained-ignores-count', isChained(ask) && ask.count !== undefined));
  const size = strikes('page-short', asked > 1) ? Math.ceil(asked / 2) : asked;
  const found = size === 0 ? [] : searches.rows(search, at, size + 1);
  const rows = found.slice(0, size);
  const more = found.length > size;
  if (!more) searches.finished(search);

  const links = [{ relation: 'self', url: self }];
  if (more && !strikes('missing-next')) {
    const next: Place = repeated
      ? { ...place, repeated: true }
      : {
          search: search.id,
          offset: at.offset + rows.length,
          after: rows.at(-1)!.index,
          previous: at.after,
        };
    const token = tokens.seal(strikes('page-loop') ? place : next);
    const base = strikes('next-other-host')
      ? bases.otherHost
      : strikes('next-other-path')
        ? bases.otherPath
        : bases.base;
    links.push({ relation: 'next', url: `${base}/_page?id=${token}` });
  }
  if (strikes('rows-dropped', rows.length > 1)) rows.splice(rows.length >> 1, 1);
  const included = includedWith(population, ask, rows, !hasIterate(search) || !strikes('two-hop-include'));
  const entries = [
    ...rows.map((row) => texts.of(row, 'match', bases.base, ask.elements)),
    ...included.map((one) => texts.of(one, 'include', bases.base, ask.elements)),
  ];
  return { bundle: bundleOf(draw, now, links, totalOf(), entries), rows: rows.length, quirks: struck };

  function totalOf(): number | undefined {
    if (ask.total === 'none') return undefined;
    const wanted = ask.total !== undefined || ask.count === 0;
    const total = searches.total(search, !wanted);
    if (total === undefined || strikes('no-total')) return undefined;
    if (ask.total === 'estimate') return Number(total.toPrecision(2));
    return strikes('changed-total', later) ? total + 1 + (place.offset % 3) : total;
  }
}

/** Pages of a chained search fall back to the default size under #415. */
function sizeOf({ pageSize }: Search, ignored: boolean): number {
  return ignored ? defaultCount : pageSize;
}

/** Chained, or filtered by a structure: the searches of #59, #165 and #414. */
function dependsOnOrganisation({ ask }: Search): boolean {
  return isChained(ask) || ask.conditions.some(({ name }) => name === 'organization' || name === 'partof');
}

function hasIterate({ ask }: Search): boolean {
  return ask.include.some(({ iterate }) => iterate);
}

function bundleOf(
  draw: string,
  now: number,
  link: readonly object[],
  total: number | undefined,
  entries: readonly string[],
): string {
  const text = JSON.stringify({
    resourceType: 'Bundle',
    id: uuidOf(draw),
    meta: { lastUpdated: new Date(now).toISOString() },
    type: 'searchset',
    ...(total === undefined ? {} : { total }),
    link,
  });
  return entries.length ? `${text.slice(0, -1)},"entry":[${entries.join(',')}]}` : text;
}

function uuidOf(text: string): string {
  const hex = createHash('sha1').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
