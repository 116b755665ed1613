/** Looking at a server before a directory copy is written there: what it already has is pointed to, never written. */
import { nameOf } from '../change/states.ts';
import { nationalKeys, searchBy } from '../delivery/search-by.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { keysOf, logicalId } from '../fhir/key.ts';
import type { FhirServer } from '../server/types.ts';
import type { AnyResource } from '../fhir/types.ts';

/** What a server has under one of the national identifiers of a resource. */
export type Match = { localId: string; versionId: string | undefined };

/**
 * Matches of each resource, by name (`Type key`), over all its national identifiers; what `isOurs` knows is none.
 * Throws the GatewayError of the server.
 */
export async function foreignMatches(
  server: FhirServer,
  resources: readonly { type: string; key: BusinessKey; body: AnyResource }[],
  isOurs: (type: string, localId: string) => boolean,
): Promise<Map<string, Match[]>> {
  const matches = new Map<string, Match[]>(resources.map((resource) => [nameOf(resource), []]));
  for (const type of new Set(resources.map((resource) => resource.type))) {
    const byIdentifier = new Map<BusinessKey, string[]>();
    for (const resource of resources.filter((one) => one.type === type))
      for (const key of nationalKeys(resource))
        byIdentifier.set(key, [...(byIdentifier.get(key) ?? []), nameOf(resource)]);
    for await (const found of searchBy(server, type, [...byIdentifier.keys()])) {
      if (found.id === undefined || isOurs(type, found.id)) continue;
      const names = new Set(keysOf(found).flatMap((key) => byIdentifier.get(key) ?? []));
      for (const name of names) {
        const list = matches.get(name)!;
        if (list.every((match) => match.localId !== found.id))
          list.push({ localId: found.id, versionId: found.meta?.versionId });
      }
    }
  }
  return matches;
}

/** The id our own copy has where we choose ids: finding it again after a lost database is no foreign match. */
export function ownCopyId(resource: { type: string; key: BusinessKey }): string {
  return logicalId(resource.type, resource.key);
}
