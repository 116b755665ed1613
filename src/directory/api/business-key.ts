/** Which identifier of a resource is its key: the national one of its type first (P-1: never the server's id). */
import { idNatPsOfRpps, systems } from '../../fhir/identifiers.ts';
import { type BusinessKey, keysOf, splitKey } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';

/** Systems in order of preference; of what is not listed, and after these, the first identifier counts. */
const preferred: Readonly<Record<string, readonly string[]>> = {
  Practitioner: [systems.idNatPs],
  PractitionerRole: [systems.rpps],
  Organization: [systems.idNatSt, systems.finess, systems.siren],
};

/** Undefined when no identifier has a system and a value. A person known by RPPS alone has the idNatPs made of it. */
export function businessKeyOf(resource: AnyResource): BusinessKey | undefined {
  const keys = keysOf(resource);
  for (const system of preferred[resource.resourceType] ?? []) {
    const found = keys.find((key) => key.startsWith(`${system}|`));
    if (found) return found;
  }
  const rpps =
    resource.resourceType === 'Practitioner' && keys.find((key) => key.startsWith(`${systems.rpps}|`));
  if (rpps) return `${systems.idNatPs}|${idNatPsOfRpps(splitKey(rpps).value)}`;
  return keys[0];
}
