/** Rows of all sources → things of the directory: one candidate for what several sources call by different keys. */
import type { BusinessKey } from '../../fhir/key.ts';
import type { FoundRecord } from '../../store/directory-search.ts';
import { longKey } from '../keys.ts';
import { aliasesOf, allAliases } from './aliases.ts';
import type { Candidate, MatchKind } from './types.ts';

type Row = Pick<
  FoundRecord,
  'source' | 'rank' | 'kind' | 'key' | 'state' | 'identifiers' | 'name' | 'codes' | 'commune' | 'succeeds'
>;

/** Roles tell where a person is and what they do. */
export type RoleRow = Pick<
  FoundRecord,
  'practitioner' | 'organization' | 'profession' | 'codes' | 'commune' | 'state'
>;

/** Row that readers see: of the source that ranks first, but a stub or what vanished only when no other has it. */
export function bestOf<T extends Pick<Row, 'state' | 'rank' | 'source'>>(rows: readonly T[]): T {
  return [...rows].sort(
    (a, b) => Number(isShadow(a)) - Number(isShadow(b)) || a.rank - b.rank || (a.source < b.source ? -1 : 1),
  )[0]!;
}

function isShadow({ state }: { state: string }): boolean {
  return state === 'stub' || state === 'vanished';
}

/**
 * Candidates of rows and, for persons, of their roles; ordered by key. Rows of one source are never taken for one thing: that
 * a source has two records under one identifier is for a person to see (P-3). `earlier`: short keys that a key succeeds.
 */
export function candidatesOf(
  rows: readonly Row[],
  roles: readonly RoleRow[] = [],
  earlier: ReadonlyMap<string, readonly string[]> = new Map(),
): Candidate[] {
  const byKey = [...Map.groupBy(rows, ({ kind, key }) => `${kind} ${key}`)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const groups: Row[][] = [];
  for (const [, same] of byKey) {
    const group = groups.find((other) => areOne(other, same));
    if (group) group.push(...same);
    else groups.push([...same]);
  }
  const byPerson = Map.groupBy(
    roles.filter(({ state }) => state === 'active'),
    ({ practitioner }) => practitioner,
  );
  return groups
    .map((group) =>
      candidateOf(
        group,
        group.flatMap(({ key }) => byPerson.get(key) ?? []),
        earlier,
      ),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Two groups of rows of different sources where the key of one is an identifier of the other. */
function areOne(a: readonly Row[], b: readonly Row[]): boolean {
  if (a[0]!.kind !== b[0]!.kind || a.some((one) => b.some((other) => one.source === other.source)))
    return false;
  return keyIn(a, b) || keyIn(b, a);
}

function keyIn(some: readonly Row[], others: readonly Row[]): boolean {
  const names = new Set(others.flatMap(namesOf).flatMap(aliasesOf));
  return some.some(({ key }) => aliasesOf(longKey(key)).some((alias) => names.has(alias)));
}

function namesOf({ key, identifiers }: Row): BusinessKey[] {
  return [key, ...(identifiers ?? [])].map(longKey);
}

function candidateOf(
  rows: readonly Row[],
  roles: readonly RoleRow[],
  earlier: ReadonlyMap<string, readonly string[]>,
): Candidate {
  const best = bestOf(rows);
  const keys = rows.flatMap(({ key, succeeds }) => [
    key,
    ...(succeeds ? [succeeds] : []),
    ...(earlier.get(key) ?? []),
  ]);
  const present = <T>(values: readonly (T | null | undefined)[]): T[] => [
    ...new Set(values.filter((value) => value !== null && value !== undefined)),
  ];
  return {
    kind: best.kind as MatchKind,
    key: longKey(best.key),
    keys: present(keys).map(longKey),
    identifiers: present(rows.flatMap(namesOf)),
    name: best.name ?? rows.find(({ name }) => name)?.name ?? '',
    communes: best.commune ? [best.commune] : present(roles.map(({ commune }) => commune)),
    codes: present([...rows, ...roles].flatMap(({ codes }) => codes ?? [])),
    workplaces: present(roles.map(({ organization }) => organization)).map(longKey),
    ...{ state: best.state, source: best.source },
  };
}

/** Has the candidate this identifier, in whatever form? */
export function hasIdentifier({ identifiers }: Candidate, key: BusinessKey): boolean {
  const names = new Set(allAliases(identifiers));
  return aliasesOf(key).some((alias) => names.has(alias));
}
