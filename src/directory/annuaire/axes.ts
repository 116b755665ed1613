/** Into what a search is split when it cannot be followed to its end: simple searches, each short enough to be followed (P-5). */
import type { CodeList } from './codes.ts';
import type { ServedKind } from './options.ts';
import { type Axis, type Condition, prefixOf, type Search } from './search.ts';

/** What is known for splitting. */
export type Ground = {
  /** Codes met so far, best first. */
  codes(kind: ServedKind): readonly CodeList[];
  /** Whether nearly all open rows met have a postal code. */
  isPlaced(kind: ServedKind): boolean;
  /** Ids of the practitioners; undefined when not all of them are known. */
  persons(): readonly string[] | undefined;
  /** The directory's own time, ms. */
  now: number;
};

const dayMs = 86_400_000;
/** Days back that stubs can be found by (french-standards §3.2, Delta). */
const windowDays = 29;
/** Ids in one search: the API fails at about 50 (P-7). */
const idsAtOnce = 40;
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const digits = [...'0123456789'];
const deepestPrefix = 3;
const deepestPostcode = 3;

/** The ways to split a search that are left, best first: each a list of conditions that share its rows out. */
export function* splitsOf({ kind, conditions }: Search, ground: Ground): Generator<Condition[]> {
  const used = new Set<Axis>(conditions.map(({ axis }) => axis));
  const since = conditions.find((one) => one.axis === 'since');
  if (since && !used.has('day')) {
    const days = daysFrom(Date.parse(since.value), ground.now);
    if (days.length > 2) yield days;
  }
  if (!used.has('active') && kind !== 'Device') {
    yield [
      { axis: 'active', value: 'false' },
      { axis: 'active', value: 'true' },
    ];
  }
  const closed = conditions.some((one) => one.axis === 'active' && one.value === 'false');
  if (closed && !since && !used.has('day')) {
    // a stub has nothing left to be found by but its date; what closed earlier still has its name
    const first = ground.now - windowDays * dayMs;
    const olderThan = isoDay(first);
    yield [...daysFrom(first, ground.now), ...prefixes(kind, '').map((one) => ({ ...one, olderThan }))];
  }
  if (closed && used.has('day')) return;
  const prefix = conditions.findLast((one) => one.axis === 'prefix');
  if ((prefix?.value.length ?? 0) < deepestPrefix) {
    const further = prefixes(kind, prefix?.value ?? '');
    const olderThan = prefix?.olderThan;
    if (further.length) yield further.map((one) => (olderThan ? { ...one, olderThan } : one));
  }
  for (const { parameter, system, codes } of ground.codes(kind)) {
    const isUsed = conditions.some(
      (one) => one.axis === 'code' && one.parameter === parameter && (one.system ?? system) === system,
    );
    if (isUsed) continue;
    yield codes.map((value, at) => ({ axis: 'code', parameter, system, value, before: codes.slice(0, at) }));
  }
  const postcode = conditions.findLast(({ axis }) => axis === 'postcode')?.value ?? '';
  // most structures of a kind begin with the same word, and are spread over the country
  if (postcode.length < deepestPostcode && ground.isPlaced(kind))
    yield digits.map((digit) => ({ axis: 'postcode', value: postcode + digit }));
  const persons = kind === 'PractitionerRole' && !used.has('persons') ? ground.persons() : undefined;
  if (persons?.length) yield inLists(persons);
}

/** Days of UTC, one more at the end: the server may count them in another zone. */
function daysFrom(fromMs: number, toMs: number): Condition[] {
  const days: Condition[] = [];
  for (let day = Math.floor(fromMs / dayMs); day <= Math.floor(toMs / dayMs) + 1; day += 1) {
    days.push({ axis: 'day', value: isoDay(day * dayMs) });
  }
  return days;
}

function prefixes(kind: ServedKind, begin: string): { axis: 'prefix'; value: string }[] {
  if (!prefixOf[kind]) return [];
  // a space or a dash may stand inside a name; a digit begins the names of some structures
  const next = begin === '' ? [...letters, ...digits] : [...letters, ...digits, ' ', '-', '’', "'", '.'];
  return next.map((letter) => ({ axis: 'prefix', value: begin + letter }));
}

function inLists(ids: readonly string[]): Condition[] {
  const lists: Condition[] = [];
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const value = ids
      .slice(at, at + idsAtOnce)
      .map((id) => `Practitioner/${id}`)
      .join(',');
    lists.push({ axis: 'persons', value });
  }
  return lists;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
