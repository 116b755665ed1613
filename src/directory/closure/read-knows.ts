/** What the store's directory says of networks' copies, as matching finds it: identifiers, and what persons accepted. */
import type { BusinessKey } from '../../fhir/key.ts';
import type { MappedResource } from '../../mapping/types.ts';
import type { FoundRecord } from '../../store/directory-search.ts';
import type { Repositories } from '../../store/store.ts';
import { longKey, shortKey } from '../keys.ts';
import { bestOf } from '../match/candidates.ts';
import { itemsOf } from '../match/items.ts';
import { matchNetworks } from '../match/match-networks.ts';
import type { MatchRules } from '../match/types.ts';
import { resourceOf } from '../resource.ts';
import type { Knows } from './close-network.ts';
import type { Said } from './types.ts';

type Network = { id: string; resources: readonly MappedResource[] };

/** What is known for each network, by its id. Two reads of the directory for all networks, and one for their owners. */
export async function readKnows(
  store: Pick<Repositories, 'directorySearch' | 'directoryMatch'>,
  tenant: string,
  networks: readonly Network[],
  rules: MatchRules,
): Promise<Map<string, Knows>> {
  const items = networks.flatMap(({ id, resources }) =>
    itemsOf(
      resources.filter((one) => one.class === 'directory-copy'),
      { network: id, communesOf: () => [] }, // identifiers and decisions alone: a name proves nothing (P-44)
    ),
  );
  const { matches } = await matchNetworks(store, tenant, items, rules);
  const keys = matches.flatMap(({ candidate }) => (candidate ? [candidate.key] : []));
  const rows = await readRows(store, keys);
  const owners = await readRows(
    store,
    [...rows.values()].flatMap(({ part_of: owner }) => (owner ? [longKey(owner)] : [])),
  );
  const said = new Map<string, Said>();
  for (const { item, candidate } of matches) {
    const row = candidate && rows.get(`${candidate.kind} ${candidate.key}`);
    if (row && !isStub(row)) said.set(`${item.network} ${item.kind} ${item.key}`, saidBy(row));
  }
  const owner = ({ row }: Said): Said | undefined => {
    const found = row.part_of === null ? undefined : owners.get(`Organization ${longKey(row.part_of)}`);
    return found && !isStub(found) ? saidBy(found) : undefined;
  };
  return new Map(
    networks.map(({ id }) => [id, { of: (key, type) => said.get(`${id} ${type} ${key}`), owner }] as const),
  );
}

/** The rows that readers see under these keys. */
async function readRows(
  { directorySearch }: Pick<Repositories, 'directorySearch'>,
  keys: readonly BusinessKey[],
): Promise<Map<string, FoundRecord>> {
  const found = await directorySearch.byIdentity(
    ['Organization', 'Practitioner'],
    [...new Set(keys)].map(shortKey),
  );
  const groups = Map.groupBy(found, ({ kind, key }) => `${kind} ${longKey(key)}`);
  return new Map([...groups].map(([name, rows]) => [name, bestOf(rows)] as const));
}

/** A stub says nothing. What vanished still stands as it was last seen: closing it is for a person (P-10). */
function isStub({ state, content }: FoundRecord): boolean {
  return state === 'stub' || content === null;
}

function saidBy(row: FoundRecord): Said {
  return { row, resource: resourceOf(row) };
}
