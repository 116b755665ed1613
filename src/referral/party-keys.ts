/** Whom a stored reference stands for, by business key. */
import { type BusinessKey, keysOf } from '../fhir/key.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { Reference } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';
import { referenceKey } from './locate-step.ts';

export type PartyKeys = {
  /** Of exactly whom a reference names. */
  named: BusinessKey[];
  /** Of the person that a role stands for. */
  person: BusinessKey | undefined;
  /** Of that person, and of the organisation. */
  behind: BusinessKey[];
};

/** Keys of whom a reference names, and of the person and the organisation that a role stands for. */
export async function keysOfParty(
  tx: Repositories,
  tenant: string,
  reference: Reference | undefined,
): Promise<PartyKeys> {
  const local = parseLocalReference(reference?.reference ?? '');
  const party = local && (await tx.clinical.get(tenant, local.type, local.id));
  const known = (keys: (BusinessKey | undefined)[]): BusinessKey[] => keys.filter((key) => key !== undefined);
  const [person, organization] = ['practitioner', 'organization'].map((name) =>
    referenceKey(party?.[name] as Reference | undefined),
  );
  return {
    named: known([referenceKey(reference), ...(party ? keysOf(party) : [])]),
    person,
    behind: known([person, organization]),
  };
}
