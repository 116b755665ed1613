/** Matching the networks to the held directory, and what persons decide about it. */
import { shortKey } from '../directory/keys.ts';
import { findingsOf } from '../directory/findings/findings-of.ts';
import { streetMoves } from '../directory/findings/moved-street.ts';
import { directoryPlace, noteFindings } from '../directory/findings/note-findings.ts';
import type { DirectoryFinding } from '../directory/findings/types.ts';
import { itemsOf } from '../directory/match/items.ts';
import { matchNetworks } from '../directory/match/match-networks.ts';
import type { Candidate, Match } from '../directory/match/types.ts';
import { countShares } from '../directory/share/count.ts';
import { shareFindings } from '../directory/share/findings.ts';
import { shareQuestions } from '../directory/share/questions.ts';
import type { Share } from '../directory/share/types.ts';
import type { MatchDecisionArguments, ToldFinding, ToldMatch } from '../directory/told.ts';
import { typedKeys } from '../directory/typed-key.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Operations } from '../operations.ts';
import { resourceSource } from '../publish/source.ts';
import { directoryRules } from './directory-rules.ts';
import { loadNetworks } from './networks.ts';
import type { Parts } from './parts.ts';
import { unknown } from './require.ts';

/** How long a change of address is told. */
const monthMs = 31 * 24 * 3600 * 1000;

type Matching = { matches: Match[]; candidates: Candidate[]; shares: Share[]; issues: Issue[] };

/** Matching over an assembled gateway; `actor` is who decides. */
export function matchOperations(
  parts: Parts,
  actor: string,
): Pick<Operations, 'directoryMatch' | 'directoryDecide'> {
  const { store, clock, ids, config, knowledge } = parts;
  const { tenant } = config;
  const rules = () => directoryRules(knowledge.folders.mappings);

  const match = async (network: string | undefined): Promise<Matching> => {
    if ((await store.directory.sources()).length === 0)
      throw unknown('Aucun annuaire n’a encore été synchronisé : « passerelle sync », puis recommencer.');
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const { networks, issues } = await loadNetworks(config.networks, knowledge, day);
    if (network !== undefined && !networks.some(({ id }) => id === network))
      throw unknown(`Réseau inconnu : « ${network} ».`);
    const communes = rules().communes();
    const asked = networks
      .filter(({ id }) => network === undefined || id === network)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const items = asked.flatMap((one) =>
      itemsOf(one.resources, {
        network: one.id,
        communesOf: (city, postalCode) => communes.ofAddress(city, postalCode),
        placeOf: ({ origin }) => resourceSource(origin, one),
      }),
    );
    const { matches, candidates } = await matchNetworks(store, tenant, items, rules().matching);
    const questions = asked.flatMap(({ id, resources }) => shareQuestions(id, resources, rules().shares));
    const partsOf = (insee: string): string[] => communes.arrondissementsOf(insee);
    const shares = await countShares(store, questions, rules().shares, partsOf);
    return { matches, candidates, shares, issues };
  };

  /** Addresses that the directory changed in the last month, of what is matched. */
  const streets = async (matches: readonly Match[]) => {
    const structures = matches.flatMap(({ candidate }) =>
      candidate?.kind === 'Organization' ? [shortKey(candidate.key)] : [],
    );
    const since = new Date(clock.now() - monthMs);
    const earlier = await store.directorySearch.before('Organization', structures, since);
    const changed = [...new Set(earlier.map(({ key }) => key))];
    return streetMoves(await store.directorySearch.byIdentity(['Organization'], changed), earlier);
  };

  const note = async (found: readonly DirectoryFinding[]): Promise<void> => {
    const now = new Date(clock.now());
    const runId = ids.uuid();
    await store.transaction(async (tx) => {
      await tx.runs.start(tenant, { id: runId, kind: 'directory-match', actor, startedAt: now });
      await noteFindings(tx, { tenant, runId, now }, found, rules().findings);
      const summary = { findings: found.length };
      await tx.runs.finish(tenant, runId, {
        status: found.length ? 'partial' : 'done',
        summary,
        finishedAt: now,
      });
    });
  };

  return {
    async directoryMatch({ network }) {
      const { matches, candidates, shares, issues } = await match(network);
      const holds = new Set(await store.directorySearch.kinds());
      const found = [
        ...findingsOf(matches, holds, rules().matching, await streets(matches), candidates),
        ...shareFindings(shares),
      ];
      if (network === undefined) await note(found); // findings of one network alone would end those of the others
      const text = (one: DirectoryFinding): string => rules().findings.kinds[one.kind].text;
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      const tolerances = await store.findingTolerances.inForce(tenant, directoryPlace, today);
      return {
        ruleVersion: rules().matching.version,
        matches: matches.map(toldMatch),
        findings: found.map((one): ToldFinding => {
          const { record: _record, ...rest } = one;
          const mine = tolerances.find(({ type, key, kind }) => isOf(one, type, key, kind));
          const tolerated = mine && { until: mine.until, reason: mine.reason };
          return { ...rest, message: text(one), ...(tolerated ? { tolerated } : {}) };
        }),
        shares,
        issues: issues.filter(({ severity }) => severity !== 'information'),
      };
    },

    async directoryDecide(args) {
      const { matches } = await match(args.network);
      const chosen = matches[args.n - 1];
      if (!chosen) throw unknown(`Aucun élément no ${args.n} : la liste en a ${matches.length}.`);
      const { item } = chosen;
      const pair = { networkId: item.network, item: item.key, kind: item.kind };
      const at = new Date(clock.now());
      const told = (key: string) => ({ item: item.key, key, decision: args.decision });
      if (args.decision === 'undo') {
        for (const key of typedKeys(args.key))
          if (await store.directoryMatch.undo(tenant, { ...pair, key }, at)) return told(key);
        throw unknown('Aucune décision de cette paire à défaire.');
      }
      const key = await keyFor(parts, chosen, args);
      const proposal = chosen.proposals.find(({ candidate }) => shortKey(candidate.key) === key);
      await store.directoryMatch.decide(tenant, {
        ...{
          ...pair,
          key,
          decision: args.decision === 'accept' ? 'accepted' : 'refused',
          actor,
          decidedAt: at,
        },
        ruleVersion: rules().matching.version,
        reasons: proposal ? [...proposal.reasons] : [],
      });
      return told(key);
    },
  };
}

function isOf(one: DirectoryFinding, type: string, key: string, kind: string): boolean {
  return one.type === type && one.key === key && one.kind === kind;
}

/** The record meant: one that was shown for the item, or, where none was, any that is held. Throws `not-found`. */
async function keyFor(
  { store }: Pick<Parts, 'store'>,
  { item, candidate, proposals }: Match,
  { key, decision }: MatchDecisionArguments,
): Promise<string> {
  if (decision !== 'accept' && decision !== 'refuse')
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: 'Décision : accept, refuse ou undo.',
    });
  const typed = typedKeys(key);
  const shown = [...(candidate ? [candidate] : []), ...proposals.map((one) => one.candidate)];
  const meant = shown.find(({ keys }) => keys.some((one) => typed.includes(shortKey(one))));
  if (meant) return shortKey(meant.key);
  const held = shown.length > 0 ? [] : await store.directorySearch.byIdentity([item.kind], typed);
  const [row] = held.filter((one) => typed.includes(one.key));
  if (row) return row.key;
  throw unknown('Cette fiche n’est pas de celles qui sont proposées pour cet élément : relire la liste.');
}

function toldMatch({ item, status, candidate, by, proposals }: Match, index: number): ToldMatch {
  return {
    ...{ n: index + 1, network: item.network, item: item.key, kind: item.kind, name: item.name, status },
    ...(item.place === undefined ? {} : { place: item.place }),
    ...(candidate === undefined ? {} : { key: shortKey(candidate.key) }),
    ...(by === undefined ? {} : { by: shortKey(by) }),
    proposals: proposals.map(({ candidate: one, score, reasons }) => ({
      ...{ key: shortKey(one.key), name: one.name, score, reasons: [...reasons] },
      ...{ state: one.state, source: one.source },
    })),
  };
}
