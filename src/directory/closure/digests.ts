import { createHash } from 'node:crypto';
import type { BusinessKey } from '../../fhir/key.ts';
import type { FoundRecord } from '../../store/directory-search.ts';
import type { Repositories } from '../../store/store.ts';
import { longKey, shortKey } from '../keys.ts';
import { allAliases } from '../match/aliases.ts';

/** A copy that a network wants. */
export type CopyOf = { networkId: string; key: BusinessKey };

/**
 * By network, a digest of all that the directory says of its copies and of what they belong to, and of what persons decided
 * about its matches: when it moves, the network is mapped again. Networks of which nothing is said have none.
 */
export async function closureDigests(
  { directorySearch, directoryMatch }: Pick<Repositories, 'directorySearch' | 'directoryMatch'>,
  tenant: string,
  copies: readonly CopyOf[],
): Promise<Map<string, string>> {
  const decisions = Map.groupBy(await directoryMatch.list(tenant), ({ networkId }) => networkId);
  const networks = Map.groupBy(copies, ({ networkId }) => networkId);
  const wanted = new Map<string, string[]>();
  for (const id of new Set([...networks.keys(), ...decisions.keys()])) {
    const keys = (networks.get(id) ?? []).map(({ key }) => key);
    const decided = (decisions.get(id) ?? []).map(({ key }) => longKey(key));
    wanted.set(id, allAliases([...keys, ...decided]).map(shortKey));
  }
  const read = async (keys: readonly string[]): Promise<Map<string, FoundRecord[]>> => {
    const index = new Map<string, FoundRecord[]>();
    for (const row of await directorySearch.byIdentity(['Organization', 'Practitioner'], [...new Set(keys)]))
      for (const key of [row.key, ...(row.identifiers ?? [])])
        index.set(key, [...(index.get(key) ?? []), row]);
    return index;
  };
  const rows = await read([...wanted.values()].flat());
  const owners = await read([...rows.values()].flat().flatMap(({ part_of: owner }) => owner ?? []));
  const digests = new Map<string, string>();
  for (const [id, keys] of wanted) {
    const own = keys.flatMap((key) => rows.get(key) ?? []);
    const all = [...own, ...own.flatMap(({ part_of: owner }) => owners.get(owner ?? '') ?? [])];
    const lines = [
      ...all.map(({ source, rank, kind, key, state, hash, part_of: owner, succeeds }) =>
        [source, rank, kind, key, state, hash.toString('hex'), owner, succeeds].join('\t'),
      ),
      ...(decisions.get(id) ?? []).map(({ item, key, decision }) => [item, key, decision].join('\t')),
    ];
    if (lines.length > 0) digests.set(id, digestOf(lines));
  }
  return digests;
}

function digestOf(lines: readonly string[]): string {
  const digest = createHash('sha256');
  for (const line of [...new Set(lines)].sort()) digest.update(`${line}\n`);
  return digest.digest('hex').slice(0, 16);
}
