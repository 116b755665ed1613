/** Where and how a document was made: told by its sender, else known of its custodian and of its encounter; never guessed (MHD-04). */
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import type { CodeableConcept } from '../fhir/types.ts';
import type { Circumstances, DocumentFacts } from './facts.ts';
import type { DocumentRules } from './rules.ts';

/** Types of the structure that bears an identifier, as the tenant's networks and the held directory say them. */
export type TypesOf = (tenant: string, structure: BusinessKey) => Promise<CodeableConcept[]>;

export async function circumstancesOf(
  { rules, typesOf }: { rules: DocumentRules; typesOf: TypesOf },
  tenant: string,
  { circumstances, custodian, custodianTypes, encounterClass }: DocumentFacts,
  contentType: string,
): Promise<Circumstances> {
  const key = keyOf(custodian?.identifier);
  const sectorIn = (types: readonly CodeableConcept[]): CodeableConcept | undefined =>
    types.find(({ coding }) => coding?.some(({ system }) => system === rules.sectors));
  const format = circumstances.format ?? rules.formats[contentType];
  const facilityType =
    circumstances.facilityType ??
    sectorIn(custodianTypes) ??
    (key === undefined ? undefined : sectorIn(await typesOf(tenant, key)));
  const setting = rules.practiceSettings[encounterClass?.code ?? ''];
  const practiceSetting = circumstances.practiceSetting ?? (setting && { coding: [setting] });
  return {
    ...(format ? { format } : {}),
    ...(facilityType ? { facilityType } : {}),
    ...(practiceSetting ? { practiceSetting } : {}),
  };
}
