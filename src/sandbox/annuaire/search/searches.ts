/** Searches being paged through, and how they see a directory that changes underneath. */
import type { Entry, EntryFilter, Population } from '../population/types.ts';
import type { SearchAsk } from './ask.ts';
import { filterOf } from './filter.ts';
import { createOpened } from './opened.ts';
import { SearchRefusal } from './refusal.ts';
import type { Place } from './token.ts';

/**
 * `snapshot`: the rows are those of the first page's day, each as it is when read (gone ones are left out).
 * `live`: every page is counted off again; rows that leave shift those after them, so that some are never seen.
 */
export type PageMode = 'snapshot' | 'live';

export type Search = { id: number; ask: SearchAsk; pageSize: number };

export type Searches = {
  begin(ask: SearchAsk, pageSize: number): Search;
  /** Throws 410 for a search that was given up. */
  get(id: number): Search;
  /** At most `limit` rows from a place. */
  rows(search: Search, place: Pick<Place, 'offset' | 'after'>, limit: number): Entry[];
  /** Rows in all; `cheap` answers undefined where records would have to be opened. */
  total(search: Search, cheap: boolean): number | undefined;
  /** The last page was read: its rows need not be kept. */
  finished(search: Search): void;
  /** To be called before the population changes. */
  beforeChange(): void;
  setMode(mode: PageMode): void;
  mode(): PageMode;
};

type Held = Search & {
  /** Population's generation that `filter` was made of. */
  generation: number;
  filter: EntryFilter;
  indexed: boolean;
  /** What its rows depend on: searches that ask the same share them. */
  meant: string;
  /** Rows fixed when the day turned (snapshot). */
  rows?: Int32Array;
  /** Index of the row before an offset, in this generation (live). */
  offsets: Map<number, number>;
  finished: boolean;
};

/** Searches kept at most, and different ones whose rows are fixed when the day turns; indexes in all lists of a day. */
const kept = { searches: 1000, fixed: 20, listed: 5_000_000 };
/** Rows counted off in one go. */
const chunk = 5000;

export function createSearches(population: Population, startMode: PageMode): Searches {
  const held = new Map<number, Held>();
  const opened = createOpened(population);
  /** Totals of this generation, by what was meant. */
  let totals = new Map<string, number>();
  /** Rows of this generation, of searches for which records have to be looked at one by one. */
  let listed = new Map<string, Int32Array>();
  let listedRows = 0;
  let generation = 0;
  let next = 1;
  let mode = startMode;

  /** The search with a filter of today (live) or of its first day (snapshot, whose rows are fixed anyhow). */
  function heldOf(search: Search): Held {
    const one = held.get(search.id);
    if (!one) throw new SearchRefusal(410, 'not-found', 'This page has expired: search again');
    if (one.generation !== generation && !one.rows) {
      Object.assign(one, {
        generation,
        offsets: new Map<number, number>(),
        ...filterOf(population, opened, one.ask),
      });
    }
    return one;
  }

  function listOf({ ask, filter, meant }: Held): Int32Array {
    const known = listed.get(meant);
    if (known) return known;
    const rows = population.indexes(ask.type, filter);
    if (listedRows + rows.length > kept.listed) forgetLists();
    listed.set(meant, rows);
    listedRows += rows.length;
    return rows;
  }

  function forgetLists(): void {
    listed = new Map();
    listedRows = 0;
  }

  return {
    begin(ask, pageSize) {
      const id = next++;
      const { filter, indexed } = filterOf(population, opened, ask);
      const search: Held = {
        ...{ id, ask, pageSize, generation, filter, indexed },
        ...{ meant: meantBy(ask), offsets: new Map<number, number>(), finished: false },
      };
      held.set(id, search);
      const [oldest] = held.keys();
      if (held.size > kept.searches && oldest !== undefined) held.delete(oldest);
      return search;
    },
    get(id) {
      const found = heldOf({ id } as Search);
      held.delete(id);
      held.set(id, found); // latest used, last forgotten
      return found;
    },
    rows(search, { offset, after }, limit) {
      const one = heldOf(search);
      const { type } = one.ask;
      if (one.rows) return fixedRows(population, type, one.rows, after, limit);
      if (mode === 'snapshot' && !one.indexed) return fixedRows(population, type, listOf(one), after, limit);
      if (mode === 'snapshot') return population.entries(type, one.filter, after, limit);
      const from = placeOf(population, one, offset);
      const entries = population.entries(type, one.filter, from, limit);
      if (entries.length) one.offsets.set(offset + entries.length, entries.at(-1)!.index);
      return entries;
    },
    total(search, cheap) {
      const one = heldOf(search);
      if (one.rows) return one.rows.length;
      const known = totals.get(one.meant);
      if (known !== undefined || (cheap && !one.indexed)) return known;
      if (!one.indexed && mode === 'snapshot') return listOf(one).length;
      const { type } = one.ask;
      const total = isEmpty(one.filter) ? population.served(type) : population.total(type, one.filter);
      totals.set(one.meant, total);
      return total;
    },
    finished: ({ id }) => Object.assign(held.get(id) ?? {}, { finished: true }),
    beforeChange() {
      if (mode === 'snapshot') fixRows(population, [...held.values()]);
      totals = new Map();
      forgetLists();
      opened.forget();
      generation += 1;
    },
    setMode: (wanted) => void (mode = wanted),
    mode: () => mode,
  };
}

function fixedRows(
  population: Population,
  type: SearchAsk['type'],
  rows: Int32Array,
  after: number,
  limit: number,
): Entry[] {
  const found: Entry[] = [];
  for (let at = firstAfter(rows, after); at < rows.length && found.length < limit; at += 1) {
    const entry = population.at(type, rows[at]!);
    if (entry?.served) found.push(entry);
  }
  return found;
}

function firstAfter(rows: Int32Array, after: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gives the latest unfinished searches the rows they have today; those that mean the same share them. */
function fixRows(population: Population, held: readonly Held[]): void {
  const fixed = new Map<string, Int32Array>();
  for (const one of held.toReversed()) {
    if (one.finished || one.rows) continue;
    const rows =
      fixed.get(one.meant) ??
      (fixed.size < kept.fixed ? population.indexes(one.ask.type, one.filter) : undefined);
    if (!rows) return;
    fixed.set(one.meant, rows);
    one.rows = rows;
  }
}

function meantBy({ type, conditions, updated, active }: SearchAsk): string {
  return JSON.stringify([type, conditions, updated, active]);
}

function isEmpty({ from, before, active, among, test }: EntryFilter): boolean {
  return [from, before, active, among, test].every((one) => one === undefined);
}

/** Index of the row before an offset, counted off where this generation has not met it yet. */
function placeOf(population: Population, one: Held, offset: number): number {
  if (offset === 0) return -1;
  const known = one.offsets.get(offset);
  if (known !== undefined) return known;
  let after = -1;
  for (let left = offset; left > 0;) {
    const entries = population.entries(one.ask.type, one.filter, after, Math.min(left, chunk));
    if (entries.length === 0) break;
    after = entries.at(-1)!.index;
    left -= entries.length;
  }
  one.offsets.set(offset, after);
  return after;
}
