import { randomUUID } from 'node:crypto';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { TransactionEntry } from '../../src/server/types.ts';

/** A transaction entry that creates an organisation of its own. */
export function newOrganization(changes: Partial<AnyResource> = {}): TransactionEntry {
  const identifier = [{ system: 'https://passerelle.example/fhir/essai', value: randomUUID() }];
  const resource = { resourceType: 'Organization', identifier, name: 'Essai', ...changes };
  return { method: 'POST', url: 'Organization', resource };
}

/** Headers of a FHIR answer. */
export const fhirJson = { 'content-type': 'application/fhir+json' };

/** Everything of a search, as an array. */
export async function all<T>(matches: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const match of matches) found.push(match);
  return found;
}
