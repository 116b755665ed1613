import type { BusinessKey } from '../../fhir/key.ts';
import { canonicalBase } from '../../fhir/names.ts';
import type { Extension } from '../../fhir/types.ts';
import type { MappedResource } from '../../mapping/types.ts';
import { personOf } from '../match/items.ts';

/** That a network says whether a person takes new patients, and on which day it said so. */
export type Declared = { person: BusinessKey; accepts: boolean; network: string; on?: string };

/** Extension of a role by which a network declares it. */
export const newPatientsUrl = `${canonicalBase}/StructureDefinition/pas-new-patients`;

/** What the roles in use of one network declare: no directory knows it. */
export function newPatientsOf(
  network: string,
  resources: readonly Pick<MappedResource, 'type' | 'body'>[],
): Declared[] {
  return resources.flatMap(({ type, body }) => {
    if (type !== 'PractitionerRole' || body['active'] === false) return [];
    const person = personOf(body);
    const said = ((body['extension'] ?? []) as Extension[]).find((one) => one.url === newPatientsUrl);
    const part = (name: string) => said?.extension?.find((one) => one.url === name);
    const accepts = part('accepts')?.valueBoolean;
    const on = part('date')?.valueDate;
    return person === undefined || accepts === undefined
      ? []
      : [{ person, accepts, network, ...(on ? { on } : {}) }];
  });
}
