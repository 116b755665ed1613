import { pairedLinks } from '../change/links.ts';
import { GatewayError } from '../fhir/error.ts';
import { keysOf } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Addresses } from './addresses.ts';
import { isUnsearchable, searchBy } from './search-by.ts';
import type { Target } from './target.ts';

/** A resource as the server has it now. */
export type Found = { resource: AnyResource; localId: string; versionId: string | undefined };

/**
 * Reads what the server has of each target, by id where one is known, else by business identifier; what has none
 * (Binary) through what points to it. Found ids are learned. Throws `ambiguous` when several resources
 * carry one business identifier.
 */
export async function readBack(
  server: FhirServer,
  targets: readonly Target[],
  addresses: Addresses,
): Promise<Map<Target, Found>> {
  const found = new Map<Target, Found>();
  await readAll(server, new Map(targets.map((target) => [target, target.localId])), found);
  const named = targets.filter(({ entry }) => keysOf(entry.body).length > 0);
  const lost = named.filter(({ localId }) => localId === undefined);
  for (const [target, match] of await searchAll(server, lost)) found.set(target, match);
  const looked = named.filter((one) => one.entry.lookFirst && one.localId !== undefined && !found.has(one));
  // As in a plan: what a server cannot be asked is written under the id that only we choose, and doubles nothing of ours.
  for (const [target, match] of await searchAll(server, looked, isUnsearchable)) found.set(target, match);
  await readAll(server, linkedIds(server, targets, found), found);
  for (const [target, { localId }] of found) addresses.learn(target.entry.type, target.entry.key, localId);
  return found;
}

/** Reads each target whose id is known. */
async function readAll(
  server: FhirServer,
  ids: ReadonlyMap<Target, string | undefined>,
  found: Map<Target, Found>,
): Promise<void> {
  const asked = [...ids].flatMap(([target, id]) => (id === undefined ? [] : [{ target, id }]));
  const results = await server.readMany(asked.map(({ target, id }) => ({ type: target.entry.type, id })));
  for (const [index, result] of results.entries()) {
    const { target, id } = asked[index]!;
    if (result.state === 'found') found.set(target, { ...result, localId: id });
  }
}

/** Ids of targets without an identifier, taken from what was found and points to them. */
function linkedIds(
  server: FhirServer,
  targets: readonly Target[],
  found: ReadonlyMap<Target, Found>,
): Map<Target, string> {
  const links = [...found].flatMap(([target, { resource }]) =>
    pairedLinks(target.entry.body, resource, server.base),
  );
  const lost = targets.filter((target) => target.localId === undefined && !found.has(target));
  return new Map(
    lost.flatMap((target) => {
      const link = links.find((one) => one.type === target.entry.type && one.key === target.entry.key);
      return link ? [[target, link.id] as const] : [];
    }),
  );
}

/** Type by type; a type whose search fails in a way that `mayFail` says has none. */
async function searchAll(
  server: FhirServer,
  targets: readonly Target[],
  mayFail: (error: unknown) => boolean = () => false,
): Promise<Map<Target, Found>> {
  const found = new Map<Target, Found>();
  for (const type of new Set(targets.map((target) => target.entry.type))) {
    const some = targets.filter(({ entry }) => entry.type === type);
    try {
      for (const [target, match] of await searchType(server, type, some)) found.set(target, match);
    } catch (error) {
      if (!mayFail(error)) throw error;
    }
  }
  return found;
}

async function searchType(
  server: FhirServer,
  type: string,
  targets: readonly Target[],
): Promise<Map<Target, Found>> {
  const found = new Map<Target, Found>();
  const byKey = new Map(targets.map((target) => [target.entry.key, target]));
  for await (const resource of searchBy(server, type, [...byKey.keys()])) {
    const key = keysOf(resource).find((one) => byKey.has(one));
    if (key === undefined || resource.id === undefined) continue;
    if (found.has(byKey.get(key)!)) throw severalMatches(type);
    found.set(byKey.get(key)!, { resource, localId: resource.id, versionId: resource.meta?.versionId });
  }
  return found;
}

function severalMatches(type: string): GatewayError {
  return new GatewayError({
    category: 'ambiguous',
    side: 'server',
    message: `Plusieurs ressources ${type} du serveur portent le même identifiant : une personne doit trancher.`,
  });
}
