/** Finding resources at a server by business identifier. */
import { type BusinessKey, keysOf, splitKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { AnyResource } from '../fhir/types.ts';
import { isGatewayError } from '../fhir/error.ts';
import type { FhirServer } from '../server/types.ts';

/** Identifiers asked for in one search: short enough for every server's address line. */
const keysPerSearch = 20;

/** Every resource of a type that carries one of the identifiers, asked in lists; pages are followed to the end. */
export async function* searchBy(
  server: FhirServer,
  type: string,
  keys: readonly BusinessKey[],
): AsyncIterable<AnyResource> {
  for (let start = 0; start < keys.length; start += keysPerSearch) {
    const some = keys.slice(start, start + keysPerSearch);
    yield* server.search(type, { identifier: some.map(searchToken).join(',') });
  }
}

/** True for the refusal of a server that does not search a type by identifier; what is no FHIR refuses nothing. */
export function isUnsearchable(error: unknown): boolean {
  if (!isGatewayError(error)) return false;
  return error.category === 'not-supported' || (error.category === 'invalid' && error.side !== 'server');
}

/** A business key as a value of a token search parameter, its own commas and bars escaped (FHIR R4 §3.1.1.4.0.1). */
function searchToken(key: BusinessKey): string {
  const { system, value } = splitKey(key);
  const escape = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
  return `${escape(system)}|${escape(value)}`;
}

/** Identifiers by which others may know a resource: all but ours. */
export function nationalKeys(resource: { key: BusinessKey; body: AnyResource }): BusinessKey[] {
  const keys = new Set([resource.key, ...keysOf(resource.body)]);
  return [...keys].filter((key) => !key.startsWith(`${networkSystem}|`));
}
