/** Looking at a server before something is written there that it may have already. */
import { nameOf } from '../change/states.ts';
import { nationalKeys, searchBy } from '../delivery/search-by.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { keysOf, logicalId } from '../fhir/key.ts';
import type { FhirServer } from '../server/types.ts';
import type { AnyResource } from '../fhir/types.ts';

/** What a server has under an identifier of a resource. */
export type Match = { localId: string; versionId: string | undefined; resource: AnyResource };

type Asked = { type: string; key: BusinessKey; body: AnyResource };

/** Identifiers by which a server may know a resource: those of others, or the network's own. */
export const asked = {
  national: nationalKeys,
  own: ({ key, body }: Asked): BusinessKey[] => keysOf(body).filter((one) => one === key),
};

/**
 * Matches of each resource, by name (`Type key`), over the identifiers that `keys` says; what is ours is none.
 * Throws the GatewayError of the server.
 */
export async function foreignMatches(
  server: FhirServer,
  resources: readonly Asked[],
  keys: (resource: Asked) => BusinessKey[],
  oursAmong: (type: string, localIds: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<Map<string, Match[]>> {
  const matches = new Map<string, Match[]>(resources.map((resource) => [nameOf(resource), []]));
  for (const type of new Set(resources.map((resource) => resource.type))) {
    const byIdentifier = new Map<BusinessKey, string[]>();
    for (const resource of resources.filter((one) => one.type === type))
      for (const key of keys(resource))
        byIdentifier.set(key, [...(byIdentifier.get(key) ?? []), nameOf(resource)]);
    const found = new Map<string, AnyResource>();
    for await (const one of searchBy(server, type, [...byIdentifier.keys()]))
      if (one.id !== undefined) found.set(one.id, one);
    const ours = await oursAmong(type, [...found.keys()]);
    for (const [localId, resource] of found) {
      if (ours.has(localId)) continue;
      const names = new Set(keysOf(resource).flatMap((key) => byIdentifier.get(key) ?? []));
      for (const name of names)
        matches.get(name)!.push({ localId, versionId: resource.meta?.versionId, resource });
    }
  }
  return matches;
}

/** The id our own resource has where we choose ids: finding it again after a lost database is no foreign match. */
export function ownId(resource: { type: string; key: BusinessKey }): string {
  return logicalId(resource.type, resource.key);
}
