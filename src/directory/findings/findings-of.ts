import type { BusinessKey } from '../../fhir/key.ts';
import { allAliases } from '../match/aliases.ts';
import { similarity } from '../match/names.ts';
import type { Candidate, Match, MatchRules } from '../match/types.ts';
import type { StreetMove } from './moved-street.ts';
import type { DirectoryFinding, FindingKind } from './types.ts';

/** Names that have less than this in common, 0–1, are told. */
const unlike = 0.5;

/**
 * What is wrong with matched items. `holds`: kinds that the directory holds at all; what it does not hold is not missing.
 * `streets`: addresses that the directory changed of late, by key. `candidates`: among them are successors of what ended. A record is judged only by what it says: a finding changes nothing by itself.
 */
export function findingsOf(
  matches: readonly Match[],
  holds: ReadonlySet<string>,
  rules: MatchRules,
  streets: ReadonlyMap<BusinessKey, StreetMove> = new Map(),
  candidates: readonly Candidate[] = [],
): DirectoryFinding[] {
  const records = new Map(
    matches.flatMap(({ item, candidate }) =>
      candidate ? [[`${item.network} ${item.key}`, candidate] as const] : [],
    ),
  );
  return matches.flatMap((match) => {
    const { item, candidate } = match;
    const finding = (kind: FindingKind, more: Partial<DirectoryFinding> = {}): DirectoryFinding => ({
      ...{ kind, network: item.network, type: item.kind, key: item.key, name: item.name },
      ...(item.place === undefined ? {} : { place: item.place }),
      ...(candidate ? { record: { key: candidate.key, source: candidate.source } } : {}),
      ...more,
    });
    if (!candidate) return unmatched(match, holds, finding);
    const found: DirectoryFinding[] = [];
    const { state } = candidate;
    if (state === 'closed' || state === 'vanished')
      found.push(finding(state, succession(candidate, candidates)));
    else if (match.succeeded)
      found.push(finding('closed', { wrong: match.succeeded, proposed: candidate.key }));
    const [there] = candidate.communes;
    if (item.kind === 'Organization' && there && item.communes.length && !item.communes.includes(there))
      found.push(finding('moved', { wrong: item.communes.join(' '), proposed: there }));
    else if (item.kind === 'Organization' && streets.has(candidate.key)) {
      const { before, now } = streets.get(candidate.key)!;
      found.push(finding('street-moved', { wrong: before, proposed: now }));
    }
    if (match.status === 'matched' && candidate.name && similarity(item.name, candidate.name, rules) < unlike)
      found.push(finding('other-name', { wrong: item.name, proposed: candidate.name }));
    if (match.contradicted) found.push(finding('contradicts-decision', { proposed: match.contradicted.key }));
    const missing = holds.has('PractitionerRole') ? missingPlace(match, candidate, records) : undefined;
    const elsewhere = missing && movedPractice(match, candidate, matches);
    if (elsewhere) found.push(finding('practice-moved', elsewhere));
    else if (missing) found.push(finding('role-missing', { wrong: missing }));
    return found;
  });
}

function unmatched(
  { item, status, by, proposals }: Match,
  holds: ReadonlySet<string>,
  finding: (kind: FindingKind, more?: Partial<DirectoryFinding>) => DirectoryFinding,
): DirectoryFinding[] {
  if (status === 'ambiguous' && by !== undefined)
    return [
      finding('duplicate', {
        wrong: by,
        proposed: proposals.map(({ candidate }) => candidate.key).join(' '),
      }),
    ];
  if (item.identifiers.length === 0 || !holds.has(item.kind)) return [];
  const [proposal] = proposals;
  return [
    finding('unknown-identifier', {
      wrong: item.identifiers[0]!,
      ...(proposal ? { proposed: proposal.candidate.key } : {}),
    }),
  ];
}

/** The record in use that goes on under another identifier, where the directory knows one (P-2). */
function succession(ended: Candidate, candidates: readonly Candidate[]): Partial<DirectoryFinding> {
  const next = candidates.find(
    ({ kind, key, keys, state }) =>
      kind === ended.kind && state === 'active' && key !== ended.key && keys.includes(ended.key),
  );
  return next ? { wrong: ended.key, proposed: next.key } : {};
}

/** A structure where the network says that the person works, and where the directory knows no role in use of them. */
function missingPlace(
  { item, candidate: person }: Match,
  { kind, state, workplaces }: Candidate,
  records: ReadonlyMap<string, Candidate>,
): string | undefined {
  if (kind !== 'Practitioner' || !person || state !== 'active') return undefined;
  const there = new Set(allAliases(workplaces));
  return item.workplaces.find((place) => {
    const record = records.get(`${item.network} ${place}`);
    const names = record ? [...record.keys, ...record.identifiers, place] : [place];
    return !allAliases(names).some((name) => there.has(name));
  });
}

/** The communes where the network places a person, and those of their roles in use, when these have none in common. */
function movedPractice(
  { item }: Match,
  { communes: there }: Candidate,
  matches: readonly Match[],
): { wrong: string; proposed: string } | undefined {
  const places = matches.filter(
    (one) => one.item.network === item.network && item.workplaces.includes(one.item.key),
  );
  const declared = new Set(
    places.flatMap((one) => [...one.item.communes, ...(one.candidate?.communes ?? [])]),
  );
  if (declared.size === 0 || there.length === 0 || there.some((one) => declared.has(one))) return undefined;
  return { wrong: [...declared].join(' '), proposed: there.join(' ') };
}
