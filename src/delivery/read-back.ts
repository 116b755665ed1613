import { GatewayError } from '../fhir/error.ts';
import { keysOf, splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Addresses } from './addresses.ts';
import type { Target } from './target.ts';

/** A resource as the server has it now. */
export type Found = { resource: AnyResource; localId: string; versionId: string | undefined };

/** Keys asked for in one search: short enough for every server's address line. */
const keysPerSearch = 20;

/**
 * Reads what the server has of each target, by id where one is known, else by business identifier; what has none
 * (Binary) and no id either cannot be looked for. Found ids are learned. Throws `ambiguous` when several resources
 * carry one business identifier.
 */
export async function readBack(
  server: FhirServer,
  targets: readonly Target[],
  addresses: Addresses,
): Promise<Map<Target, Found>> {
  const found = new Map<Target, Found>();
  const addressed = targets.filter((target) => target.localId !== undefined);
  const results = await server.readMany(
    addressed.map((target) => ({ type: target.entry.type, id: target.localId! })),
  );
  for (const [index, result] of results.entries()) {
    const target = addressed[index]!;
    if (result.state === 'found') found.set(target, { ...result, localId: target.localId! });
  }
  const searched = targets.filter(
    (target) => target.localId === undefined && keysOf(target.entry.body).length > 0,
  );
  for (const [target, match] of await searchAll(server, searched)) {
    found.set(target, match);
    addresses.learn(target.entry.type, target.entry.key, match.localId);
  }
  return found;
}

async function searchAll(server: FhirServer, targets: readonly Target[]): Promise<Map<Target, Found>> {
  const found = new Map<Target, Found>();
  for (const type of new Set(targets.map((target) => target.entry.type))) {
    const ofType = targets.filter((target) => target.entry.type === type);
    for (let start = 0; start < ofType.length; start += keysPerSearch) {
      const some = ofType.slice(start, start + keysPerSearch);
      const identifier = some.map((target) => searchToken(target.entry.key)).join(',');
      for await (const resource of server.search(type, { identifier })) {
        const keys = new Set(keysOf(resource));
        const target = some.find((one) => keys.has(one.entry.key));
        if (!target || resource.id === undefined) continue;
        if (found.has(target)) throw severalMatches(type);
        found.set(target, { resource, localId: resource.id, versionId: resource.meta?.versionId });
      }
    }
  }
  return found;
}

/** A business key as a value of a token search parameter, its own commas and bars escaped (FHIR R4 §3.1.1.4.0.1). */
export function searchToken(key: string): string {
  const { system, value } = splitKey(key);
  const escape = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
  return `${escape(system)}|${escape(value)}`;
}

function severalMatches(type: string): GatewayError {
  return new GatewayError({
    category: 'ambiguous',
    side: 'server',
    message: `Plusieurs ressources ${type} du serveur portent le même identifiant : une personne doit trancher.`,
  });
}
