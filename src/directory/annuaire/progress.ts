/**
 * How far a run is, as its pages were handed over: what a checkpoint says. Searches run ahead of it; a search's state
 * enters here with the page that brought it there.
 */
import { GatewayError } from '../../fhir/error.ts';
import type { Json } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import type { ReadAsk } from '../types.ts';
import type { ServedKind } from './options.ts';
import { newSearch, type Search } from './search.ts';

export type Progress = {
  mode: 'full' | 'delta';
  /** Delta: from when. */
  since?: string;
  /** The directory's own time at its first answer, ms. */
  began?: number;
  /** Searches not at their end, by a number that is theirs in this process. */
  open: Map<number, Search>;
  /** Records counted by searches that are at their end. */
  counted: Map<ServedKind, number>;
  /** Kinds of which a search could not be followed to its end, with why. */
  short: Map<ServedKind, string>;
  /** Kinds of which this process met all that was read, so that their ids prove it. */
  byIds: Set<ServedKind>;
  resumed: boolean;
};

const version = 1;

export function newProgress(
  mode: 'full' | 'delta',
  since: string | undefined,
  kinds: readonly ServedKind[],
): Progress {
  const conditions = since === undefined ? [] : [{ axis: 'since', value: since } as const];
  return {
    ...{ mode, resumed: false, ...(since === undefined ? {} : { since }) },
    open: new Map(kinds.map((kind, index) => [index, newSearch(kind, conditions)])),
    ...{ counted: new Map(), short: new Map(), byIds: new Set(kinds) },
  };
}

/** A search by lists of persons lives by what is in memory only: its kind is read from the start after a restart. */
export function checkpointOf(progress: Progress): Json {
  const { mode, since, began, open, counted, short } = progress;
  const lost = new Set([...open.values()].filter(isByPersons).map(({ kind }) => kind));
  const kept = [...open.values()].filter(({ kind }) => !lost.has(kind));
  const number = (map: Map<ServedKind, number>): Json =>
    Object.fromEntries([...map].filter(([kind]) => !lost.has(kind)));
  return JSON.parse(
    JSON.stringify({
      ...{ v: version, mode, since, began, open: kept, again: [...lost] },
      ...{ counted: number(counted), short: Object.fromEntries(short) },
    }),
  ) as Json;
}

/** Throws `invalid` for a checkpoint that another release or another kind of run wrote. */
export function progressOf({ resume, mode }: Pick<ReadAsk, 'mode'> & { resume: Json }, id: string): Progress {
  if (!isObject(resume) || resume['v'] !== version || resume['mode'] !== mode) {
    throw new GatewayError({
      category: 'invalid',
      side: 'directory',
      retryable: false,
      message: `Annuaire « ${id} » : le point de reprise vient d’une autre version ou d’un autre passage. Abandonnez ce passage, puis relancez.`,
    });
  }
  const saved = resume as unknown as {
    since?: string;
    began?: number;
    open: Search[];
    again: ServedKind[];
    counted: Record<string, number>;
    short: Record<string, string>;
  };
  const counts = (record: Record<string, number | string>): Map<ServedKind, never> =>
    new Map(Object.entries(record)) as Map<ServedKind, never>;
  const { open } = newProgress(mode, saved.since, saved.again);
  const begun = new Set<string>(Object.keys(saved.counted));
  for (const { kind, pages, conditions, late } of saved.open)
    if (pages > 0 || late || conditions.length > (saved.since === undefined ? 0 : 1)) begun.add(kind);
  const untouched = saved.open.map(({ kind }) => kind).filter((kind) => !begun.has(kind));
  return {
    ...{ mode, resumed: true, byIds: new Set([...saved.again, ...untouched]) },
    ...(saved.since === undefined ? {} : { since: saved.since }),
    ...(saved.began === undefined ? {} : { began: saved.began }),
    open: new Map([...open.values(), ...saved.open].map((search, index) => [index, search])),
    ...{ counted: counts(saved.counted), short: counts(saved.short) },
  };
}

export function isByPersons({ conditions }: Search): boolean {
  return conditions.some(({ axis }) => axis === 'persons');
}

/** Adds to a count by kind. */
export function add(map: Map<ServedKind, number>, kind: ServedKind, count: number): void {
  map.set(kind, (map.get(kind) ?? 0) + count);
}
