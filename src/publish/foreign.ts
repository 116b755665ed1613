/** Looking at a server before a directory copy is written there: what it already has is pointed to, never written. */
import { nameOf } from '../change/states.ts';
import { searchToken } from '../delivery/read-back.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { keysOf, logicalId } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { FhirServer } from '../server/types.ts';
import type { AnyResource } from '../fhir/types.ts';

/** What a server has under one of the national identifiers of a resource. */
export type Match = { localId: string; versionId: string | undefined };

const identifiersPerSearch = 20;

/**
 * Matches of each resource, by name (`Type key`), over all its national identifiers; ours under `ourIds` is none.
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

/** Every resource of a type that carries one of the identifiers, asked in lists short enough for an address line. */
export async function* searchBy(
  server: FhirServer,
  type: string,
  keys: readonly BusinessKey[],
): AsyncIterable<AnyResource> {
  for (let start = 0; start < keys.length; start += identifiersPerSearch) {
    const some = keys.slice(start, start + identifiersPerSearch);
    yield* server.search(type, { identifier: some.map(searchToken).join(',') });
  }
}

/** Identifiers by which others may know the resource: all but ours. */
export function nationalKeys(resource: { key: BusinessKey; body: AnyResource }): BusinessKey[] {
  const keys = new Set([resource.key, ...keysOf(resource.body)]);
  return [...keys].filter((key) => !key.startsWith(`${networkSystem}|`));
}

/** The id our own copy has where we choose ids: finding it again after a lost database is no foreign match. */
export function ownCopyId(resource: { type: string; key: BusinessKey }): string {
  return logicalId(resource.type, resource.key);
}
