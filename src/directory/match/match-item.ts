/** One item against the records it may be: what persons decided first, then identifiers, then names as proposals (P-44). */
import { type BusinessKey, splitKey } from '../../fhir/key.ts';
import { aliasesOf, allAliases, identifying } from './aliases.ts';
import { hasIdentifier } from './candidates.ts';
import { proposalOf } from './score.ts';
import type { Candidate, Decided, Match, MatchItem, MatchRules, Proposal } from './types.ts';

/**
 * The match of an item. Pure; the order of candidates and decisions does not count (decisions: the later one of a pair
 * stands alone). A refused pair is never matched nor proposed, under whatever key the record goes by now (P-42, P-43).
 */
export function matchItem(
  item: MatchItem,
  candidates: readonly Candidate[],
  decisions: readonly Decided[],
  rules: MatchRules,
): Match {
  const mine = decisions.filter((one) => one.item === item.key);
  const keysWith = (decision: Decided['decision']) =>
    new Set(allAliases(mine.filter((one) => one.decision === decision).map(({ key }) => key)));
  const [accepted, refused] = [keysWith('accepted'), keysWith('refused')];
  const isOf = ({ keys }: Candidate, decided: ReadonlySet<BusinessKey>) =>
    allAliases(keys).some((key) => decided.has(key));
  const possible = candidates
    .filter((one) => one.kind === item.kind && !isOf(one, refused))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const found = byIdentifier(item, possible);
  if (accepted.size > 0) {
    const chosen = possible.filter((one) => isOf(one, accepted));
    const candidate = chosen.find(({ state }) => state === 'active') ?? chosen[0];
    const known = allAliases(candidate?.keys ?? []);
    const decided = mine.find(({ decision, key }) => decision === 'accepted' && known.includes(key));
    const other = found?.hits.find((one) => one !== candidate);
    return {
      ...{ item, status: 'accepted', proposals: [] },
      ...(candidate ? { candidate } : {}),
      ...(candidate && decided && !hasIdentifier(candidate, decided.key) ? { succeeded: decided.key } : {}),
      ...(candidate && other && !found!.hits.includes(candidate) ? { contradicted: other } : {}),
    };
  }
  if (found) {
    const { by, hits } = found;
    if (hits.length === 1) return { item, status: 'matched', candidate: hits[0]!, by, proposals: [] };
    const reasons = [`même identifiant, que ${hits.length} fiches de l’annuaire portent`];
    return {
      item,
      status: 'ambiguous',
      by,
      proposals: hits.map((one) => ({ candidate: one, score: 100, reasons })),
    };
  }
  const proposals = possible
    .map((one) => proposalOf(item, one, rules))
    .filter((one) => one !== undefined)
    .sort((a, b) => b.score - a.score || (a.candidate.key < b.candidate.key ? -1 : 1));
  const near: Proposal[] = proposals.filter(({ score }) => score >= proposals[0]!.score - rules.near);
  const status = near.length === 0 ? 'unknown' : near.length === 1 ? 'proposed' : 'ambiguous';
  return { item, status, proposals: near };
}

/**
 * Records that have an identifier of the item, by the surest one that any has: those it is the key of before those that
 * only mention it, those in use before the others.
 */
function byIdentifier(
  item: MatchItem,
  candidates: readonly Candidate[],
): { by: BusinessKey; hits: Candidate[] } | undefined {
  const rank = (key: BusinessKey): number => {
    const place = identifying.indexOf(splitKey(key).system);
    return place === -1 ? identifying.length : place;
  };
  const sorted = [...item.identifiers].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  for (const by of sorted) {
    const all = candidates.filter((one) => hasIdentifier(one, by));
    if (all.length === 0) continue;
    const own = all.filter(({ keys }) => aliasesOf(by).some((alias) => keys.includes(alias)));
    const named = own.length ? own : all;
    const inUse = named.filter(({ state }) => state === 'active');
    return { by, hits: inUse.length ? inUse : named };
  }
  return undefined;
}
