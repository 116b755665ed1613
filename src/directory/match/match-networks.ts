/** Items of networks matched against what the store holds: reads what may concern them, then asks the pure matcher. */
import type { BusinessKey } from '../../fhir/key.ts';
import type { FoundRecord } from '../../store/directory-search.ts';
import type { Repositories } from '../../store/store.ts';
import { longKey, shortKey } from '../keys.ts';
import { allAliases } from './aliases.ts';
import { candidatesOf } from './candidates.ts';
import { matchItem } from './match-item.ts';
import type { Candidate, Decided, Match, MatchItem, MatchRules } from './types.ts';

type Reading = Pick<Repositories, 'directorySearch' | 'directoryMatch'>;

const kinds = ['Organization', 'Practitioner'] as const;
/** Records of one commune that are looked at; Paris has fewer structures. */
const mostInCommune = 50_000;
/** How often a record may have been created again. */
const longestSuccession = 10;

/** What matching found, with the candidates it looked at. */
export type Matched = { matches: Match[]; candidates: Candidate[] };

/** Matches all items; reads only. Structures first: where a structure is tells where its people are. */
export async function matchNetworks(
  store: Reading,
  tenant: string,
  items: readonly MatchItem[],
  rules: MatchRules,
): Promise<Matched> {
  const stored = await store.directoryMatch.list(tenant);
  const decided = stored.map(({ networkId, item, key, decision }) => {
    return { network: networkId, item, key: longKey(key), decision };
  });
  const candidates = await readCandidates(store, items, decided);
  const match = (item: MatchItem, among: readonly Candidate[]): Match =>
    matchItem(
      item,
      among,
      decided.filter(({ network }) => network === item.network),
      rules,
    );
  const first = items.map((item) => match(item, candidates));
  const located = items.map((item) =>
    item.communes.length ? item : { ...item, communes: workCommunes(item, first) },
  );
  const open = located.filter((item, index) => {
    const { status } = first[index]!;
    return status !== 'accepted' && status !== 'matched' && item.communes.length > 0;
  });
  const there = await readNeighbours(store, open, candidates);
  const all = [...candidates, ...there];
  return {
    matches: located.map((item, index) => (open.includes(item) ? match(item, all) : first[index]!)),
    candidates: all,
  };
}

function workCommunes(item: MatchItem, matches: readonly Match[]): string[] {
  const there = matches.filter(
    (one) => one.item.network === item.network && item.workplaces.includes(one.item.key),
  );
  return [...new Set(there.flatMap(({ candidate, item: place }) => candidate?.communes ?? place.communes))];
}

/** What has an identifier of an item, what a decision names, and what these succeed or are succeeded by. */
async function readCandidates(
  { directorySearch }: Reading,
  items: readonly MatchItem[],
  decided: readonly Decided[],
): Promise<Candidate[]> {
  const named = items.flatMap(({ identifiers }) => identifiers);
  const asked = allAliases([...named, ...decided.map(({ key }) => key)]).map(shortKey);
  const rows = new Map<string, FoundRecord>();
  const note = (found: readonly FoundRecord[]): FoundRecord[] => {
    const fresh = found.filter((row) => !rows.has(nameOf(row)));
    for (const row of fresh) rows.set(nameOf(row), row);
    return fresh;
  };
  let fresh = note(await directorySearch.byIdentity(kinds, asked));
  let later = asked;
  for (let round = 0; round < longestSuccession && (fresh.length > 0 || round === 0); round += 1) {
    const before = fresh.flatMap(({ succeeds }) => succeeds ?? []);
    const found = [
      ...(await directorySearch.byIdentity(kinds, before)),
      ...(await directorySearch.successors(kinds, later)),
    ];
    fresh = note(found);
    later = fresh.map(({ key }) => key);
  }
  return withRoles(directorySearch, [...rows.values()]);
}

/** What stands in the communes of the items, apart from what is known. */
async function readNeighbours(
  { directorySearch }: Reading,
  items: readonly MatchItem[],
  known: readonly Candidate[],
): Promise<Candidate[]> {
  const communes = (kind: MatchItem['kind']) => [
    ...new Set(items.filter((one) => one.kind === kind).flatMap((one) => one.communes)),
  ];
  const structures = await directorySearch.inCommunes(
    'Organization',
    communes('Organization'),
    mostInCommune,
  );
  const roles = await directorySearch.inCommunes('PractitionerRole', communes('Practitioner'), mostInCommune);
  const people = [...new Set(roles.flatMap(({ practitioner }) => practitioner ?? []))];
  const persons = await directorySearch.byIdentity(['Practitioner'], people);
  const keys = new Set(known.flatMap((one) => one.keys.map((key) => `${one.kind} ${key}`)));
  const found = await withRoles(directorySearch, [...structures, ...persons]);
  return found.filter((one) => !keys.has(`${one.kind} ${one.key}`));
}

async function withRoles(
  directorySearch: Reading['directorySearch'],
  rows: readonly FoundRecord[],
): Promise<Candidate[]> {
  const people = rows.filter(({ kind }) => kind === 'Practitioner').map(({ key }) => key);
  const roles = await directorySearch.roles('practitioner', people);
  return candidatesOf(rows, await located(directorySearch, roles), earlierOf(rows));
}

/** A role that its source gives no commune stands where its structure does. */
async function located(
  directorySearch: Reading['directorySearch'],
  roles: readonly FoundRecord[],
): Promise<FoundRecord[]> {
  const bare = roles.flatMap(({ commune, organization }) => (commune === null && organization) || []);
  const places = await directorySearch.byIdentity(['Organization'], [...new Set(bare)]);
  const communes = new Map<string, string>();
  for (const { key, commune } of places)
    if (commune !== null && !communes.has(key)) communes.set(key, commune);
  return roles.map((role) => ({
    ...role,
    commune: role.commune ?? communes.get(role.organization ?? '') ?? null,
  }));
}

/** Keys that each key succeeds, however often the record was created again. */
function earlierOf(rows: readonly FoundRecord[]): Map<string, string[]> {
  const before = new Map(rows.flatMap(({ key, succeeds }) => (succeeds ? [[key, succeeds] as const] : [])));
  return new Map(
    [...before.keys()].map((key) => {
      const chain: string[] = [];
      for (let at = before.get(key); at !== undefined && !chain.includes(at); at = before.get(at))
        chain.push(at);
      return [key, chain];
    }),
  );
}

function nameOf({ source, kind, key }: FoundRecord): string {
  return [source, kind, key].join(' ');
}

/** The match of each item, by network and item. */
export function byItem(matches: readonly Match[]): Map<string, Match> {
  const named = (network: string, key: BusinessKey): string => `${network} ${key}`;
  return new Map(matches.map((one) => [named(one.item.network, one.item.key), one]));
}
