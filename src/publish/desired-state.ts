/** What the networks say, as it is stored and as one server should show it. */
import type { ServerConfig } from '../config.ts';
import { bodyHash } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import type { Json } from '../fhir/types.ts';
import type { MappedResource } from '../mapping/types.ts';
import type { Repositories } from '../store/store.ts';
import { type Stated, withBodies } from './stated.ts';
import type { MappedNetwork } from './types.ts';

/**
 * Makes `networks` all that the tenant wants: their sources become versions, their resources the desired state. What
 * is no longer among them is no longer wanted; what stands in the store already stays there.
 */
export async function saveDesired(
  tx: Pick<Repositories, 'deployed' | 'networks' | 'desired'>,
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
  const kept = networks.filter((network) => network.kept !== undefined).map(({ id }) => id);
  await tx.desired.replace(tenant, [], kept, at);
  for (const { id: networkId, resources, at: perServer } of changed) {
    if (perServer)
      for await (const page of withBodies(tx, tenant, everywhere(perServer)))
        await tx.desired.add(
          tenant,
          page.map((one) => ({ ...one, origin: [] })),
          at,
        );
    else
      await tx.desired.add(
        tenant,
        resources.map((one) => ({
          ...one,
          networkId,
          hash: hashOf(one),
          origin: one.origin,
        })),
        at,
      );
  }
  const bases = changed.flatMap(({ id, sourceHash, basis, at: perServer, issues = [] }) =>
    basis === undefined || perServer
      ? []
      : [{ networkId: id, sourceHash, basis, issues: issues as unknown as Json }],
  );
  await tx.desired.note(tenant, bases);
}

/** One of each type and key that a network wants at some server: the first server's words. */
function everywhere(perServer: NonNullable<MappedNetwork['at']>): Stated[] {
  const all = [...perServer.values()].flat().map((one) => [nameOf(one), one] as const);
  return [...new Map(all.reverse()).values()];
}

/** The networks that are published at a server. */
export function networksAt<T extends Pick<MappedNetwork, 'id'>>(
  config: Pick<ServerConfig, 'networks'>,
  networks: readonly T[],
): T[] {
  return networks.filter(({ id }) => config.networks === undefined || config.networks.includes(id));
}

/** What a network whose resources are at hand wants at a server. */
export function resourcesAt(
  { resources, at }: MappedNetwork,
  serverId: string,
): readonly (MappedResource | Stated)[] {
  return at ? (at.get(serverId) ?? []) : resources;
}

const hashes = new WeakMap<object, string>();

/** Content hash of a resource, computed once. */
export function hashOf(resource: MappedResource | Stated): string {
  if ('hash' in resource) return resource.hash;
  const known = hashes.get(resource);
  if (known !== undefined) return known;
  const hash = bodyHash(resource.body);
  hashes.set(resource, hash);
  return hash;
}
