/** What the networks say, as it is stored and as one server should show it. */
import type { ServerConfig } from '../config.ts';
import { nameOf } from '../change/states.ts';
import { bodyHash } from '../change/links.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Repositories } from '../store/store.ts';
import type { MappedNetwork, Wanted } from './types.ts';

/**
 * Makes `networks` all that the tenant wants: their sources become versions, their resources the desired state. What
 * is no longer among them is no longer wanted.
 */
export async function saveDesired(
  tx: Pick<Repositories, 'networks' | 'desired'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  at: Date,
): Promise<void> {
  for (const { resources: _resources, ...network } of networks) await tx.networks.save(tenant, network, at);
  const all = networks.flatMap((network) =>
    network.resources.map(({ origin, ...resource }) => ({
      ...resource,
      networkId: network.id,
      hash: bodyHash(resource.body),
      origin: origin,
    })),
  );
  await tx.desired.replace(tenant, all);
}

/** The networks that are published at a server. */
export function networksAt(config: ServerConfig, networks: readonly MappedNetwork[]): MappedNetwork[] {
  return networks
    .filter(({ id }) => config.networks === undefined || config.networks.includes(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * One resource for each type and key. Where networks disagree the one whose id sorts first counts, always the same,
 * and a warning says so: a directory copy described twice should be described alike.
 */
export function merged(networks: readonly MappedNetwork[]): { wanted: Map<string, Wanted>; issues: Issue[] } {
  const wanted = new Map<string, Wanted>();
  const issues: Issue[] = [];
  for (const { id, resources } of networks)
    for (const { type, key, class: kind, body } of resources) {
      const hash = bodyHash(body);
      const first = wanted.get(nameOf({ type, key }));
      if (!first) wanted.set(nameOf({ type, key }), { type, key, class: kind, hash, body, networks: [id] });
      else {
        first.networks.push(id);
        if (first.hash !== hash) issues.push(disagreement(type, key, first.networks[0]!, id));
      }
    }
  return { wanted, issues };
}

function disagreement(type: string, key: string, winner: string, other: string): Issue {
  return {
    severity: 'warning',
    code: 'conflict',
    rule: 'same-key',
    message: `${type} ${key} : les réseaux ${winner} et ${other} ne disent pas la même chose ; ${winner} l’emporte.`,
  };
}
