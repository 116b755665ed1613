/** One search that is followed page by page, and the conditions that narrow it. */
import { isObject } from '../api/json.ts';
import type { ServedKind, Settings } from './options.ts';

/**
 * Conditions that the API documents (french-standards §3.2), never chained ones (P-5). `code` is a token parameter, one of
 * its values and the system of these; `before` are the values of its siblings that come first: a row of several codes counts
 * for the first only.
 */
export type Condition =
  | { axis: 'since'; value: string }
  | { axis: 'day'; value: string }
  | { axis: 'active'; value: 'true' | 'false' }
  | { axis: 'prefix'; value: string; olderThan?: string }
  | { axis: 'code'; parameter: string; system?: string; value: string; before: readonly string[] }
  | { axis: 'postcode'; value: string }
  | { axis: 'persons'; value: string };

export type Axis = Condition['axis'];

/** How far a search is. Kept in checkpoints; everything else about it is in memory only. */
export type Search = {
  kind: ServedKind;
  conditions: readonly Condition[];
  /** Where it goes on, as the server gave it; absent: at its first page. */
  next?: string;
  /** Rows read, each once; of these, those that count for it (owns.ts); pages. */
  rows: number;
  own: number;
  pages: number;
  /** What its first and its last page said that there is. */
  total?: number;
  lastTotal?: number;
  /** Ids of the last page, shortened: what comes again after a restart of the process is told by them. */
  tail?: string;
  restarts: number;
  /** Reads again what changed while the rest was read; `again`: everything, since some rows did not come. */
  late?: true | 'again';
};

/** The text that a kind's `prefix` condition looks at. */
export const prefixOf: Partial<Record<ServedKind, 'name' | 'family'>> = {
  Organization: 'name',
  Practitioner: 'family',
};

/** The address of its first page. */
export function addressOf(
  { kind, conditions }: Pick<Search, 'kind' | 'conditions'>,
  size: number,
  { base }: Pick<Settings, 'base'>,
): string {
  const byDay = conditions.some(({ axis }) => axis === 'day'); // the API may not take two dates
  const asked = conditions.filter(({ axis }) => !(byDay && axis === 'since'));
  const query = new URLSearchParams(asked.map((one) => parameterOf(kind, one)));
  query.append('_count', String(size));
  query.append('_total', 'accurate');
  return `${base}/${kind}?${query.toString()}`;
}

function parameterOf(kind: ServedKind, condition: Condition): [string, string] {
  switch (condition.axis) {
    case 'since':
      return ['_lastUpdated', `ge${condition.value}`];
    case 'day':
      return ['_lastUpdated', `eq${condition.value}`];
    case 'active':
      return ['active', condition.value];
    case 'prefix':
      return [prefixOf[kind] ?? 'name', condition.value];
    case 'code':
      return [condition.parameter, condition.value];
    case 'postcode':
      return ['address-postalcode', condition.value];
    case 'persons':
      return ['practitioner', condition.value];
  }
}

/** A search from its beginning. */
export function newSearch(kind: ServedKind, conditions: readonly Condition[], late?: Search['late']): Search {
  return { kind, conditions, rows: 0, own: 0, pages: 0, restarts: 0, ...(late ? { late } : {}) };
}

/** The instant of `meta.lastUpdated`, ms. */
export function updatedAt(resource: Record<string, unknown>): number | undefined {
  const { meta } = resource;
  const date =
    isObject(meta) && typeof meta['lastUpdated'] === 'string' ? Date.parse(meta['lastUpdated']) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
