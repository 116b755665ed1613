import { bodyForm } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import type { ServerConfig } from '../config.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';
import { networksAt, resourcesAt } from './desired-state.ts';
import { withHolds } from './holds.ts';
import type { MappedNetwork, ResourceName } from './types.ts';

/** What the networks want of just these resources at a server, in normal form, by name. */
export async function wantedBodies(
  store: Pick<Repositories, 'desired' | 'holds' | 'networks'>,
  tenant: string,
  config: ServerConfig,
  networks: readonly MappedNetwork[],
  asked: readonly { type: string; key: BusinessKey }[],
): Promise<Map<ResourceName, Json>> {
  const names = new Set(asked.map(nameOf));
  const wanted = new Map<ResourceName, Json>();
  const all = networksAt(config, (await withHolds(store, tenant, networks)).networks);
  // The first network's words count: it comes last here.
  for (const network of all.sort((a, b) => (a.id < b.id ? 1 : -1))) {
    const rows = asked.map(({ type, key }) => ({ networkId: network.id, type, key }));
    const found =
      network.kept === 'desired'
        ? await store.desired.find(tenant, rows)
        : network.kept === 'held'
          ? await store.holds.find(tenant, config.id, rows)
          : resourcesAt(network, config.id).filter((one) => names.has(nameOf(one)));
    for (const one of found) if (one.body) wanted.set(nameOf(one), bodyForm(one.body) as unknown as Json);
  }
  return wanted;
}
