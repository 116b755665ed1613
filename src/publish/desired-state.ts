/** What the networks say, as it is stored and as one server should show it. */
import type { ServerConfig } from '../config.ts';
import { bodyHash } from '../change/links.ts';
import type { Json } from '../fhir/types.ts';
import type { MappedResource } from '../mapping/types.ts';
import type { Repositories } from '../store/store.ts';
import type { MappedNetwork } from './types.ts';

/**
 * Makes `networks` all that the tenant wants: their sources become versions, their resources the desired state. What
 * is no longer among them is no longer wanted; what stands in the store already stays there.
 */
export async function saveDesired(
  tx: Pick<Repositories, 'networks' | 'desired'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  at: Date,
): Promise<void> {
  for (const { id, kind, name, source, sourceFile, sourceHash, content } of networks) {
    if (sourceFile === '') continue;
    const described = { id, kind, name, source, sourceFile, sourceHash };
    await tx.networks.save(tenant, { ...described, ...(content === undefined ? {} : { content }) }, at);
  }
  const changed = networks.filter(({ kept }) => kept === undefined);
  const rows = changed.flatMap((network) =>
    everywhere(network).map((resource) => ({
      ...{ networkId: network.id, type: resource.type, key: resource.key, class: resource.class },
      ...{ hash: hashOf(resource), body: resource.body, origin: resource.origin },
    })),
  );
  const kept = networks.filter((network) => network.kept !== undefined).map(({ id }) => id);
  await tx.desired.replace(tenant, rows, kept);
  const bases = changed.flatMap(({ id, sourceHash, basis, at: perServer, issues = [] }) =>
    basis === undefined || perServer
      ? []
      : [{ networkId: id, sourceHash, basis, issues: issues as unknown as Json }],
  );
  await tx.desired.note(tenant, bases);
}

/** One resource for each type and key that the network wants at some server. */
function everywhere({ resources, at }: MappedNetwork): readonly MappedResource[] {
  if (!at) return resources;
  const all = [...at.values()].flat().map((one) => [`${one.type} ${one.key}`, one] as const);
  return [...new Map(all.reverse()).values()];
}

/** The networks that are published at a server. */
export function networksAt(config: ServerConfig, networks: readonly MappedNetwork[]): MappedNetwork[] {
  return networks.filter(({ id }) => config.networks === undefined || config.networks.includes(id));
}

/** What a network whose resources are at hand wants at a server. */
export function resourcesAt({ resources, at }: MappedNetwork, serverId: string): readonly MappedResource[] {
  return at ? (at.get(serverId) ?? []) : resources;
}

const hashes = new WeakMap<object, string>();

/** Content hash of a mapped resource, computed once. */
export function hashOf(resource: MappedResource): string {
  const known = hashes.get(resource);
  if (known !== undefined) return known;
  const hash = bodyHash(resource.body);
  hashes.set(resource, hash);
  return hash;
}
