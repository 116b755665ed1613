import { nationalKeys, searchBy } from '../delivery/search-by.ts';
import { type BusinessKey, keysOf } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Difference, Held } from './types.ts';

/** Statuses by which a resource says that it is out of use: then it is no twin any more. */
const outOfUse: ReadonlySet<unknown> = new Set(['inactive', 'retired', 'entered-in-error', 'off']);

/**
 * Other resources in use that carry the business identifier of one of ours, or a national identifier of a directory
 * copy. They are somebody's: told to a person, never written.
 */
export async function twinsAt(server: FhirServer, held: readonly Held[]): Promise<Difference[]> {
  const inUse = held.filter(({ deployed }) => deployed.active);
  const twins: Difference[] = [];
  for (const type of new Set(inUse.map(({ deployed }) => deployed.type))) {
    const owners = new Map<BusinessKey, Held>();
    for (const one of inUse.filter(({ deployed }) => deployed.type === type))
      for (const key of keysOfHeld(one)) owners.set(key, one);
    for await (const resource of searchBy(server, type, [...owners.keys()])) {
      const owner = keysOf(resource)
        .map((key) => owners.get(key))
        .find(Boolean);
      if (owner && resource.id !== owner.reference.localId && isInUse(resource))
        twins.push(twin(server.id, owner, resource));
    }
  }
  return twins;
}

function keysOfHeld({ deployed }: Held): BusinessKey[] {
  return deployed.class === 'directory-copy' ? nationalKeys(deployed) : [deployed.key];
}

function isInUse(resource: AnyResource): boolean {
  return resource['active'] !== false && !outOfUse.has(resource['status']);
}

function twin(server: string, held: Held, resource: AnyResource): Difference {
  const { type, key } = held.deployed;
  return {
    held,
    drift: { server, type, key, localId: resource.id ?? '', kind: 'twin', fields: [], state: 'open' },
    actual: undefined,
  };
}
