/** Requests to join on which the network has not decided yet. An affiliation that carries a request is never active. */
import { canonicalBase } from '../fhir/names.ts';
import type { Organization, OrganizationAffiliation } from '../fhir/types.ts';
import { dateText } from './concepts.ts';
import type { Shown } from './shown.ts';
import type { Item, Section } from './types.ts';

const definition = `${canonicalBase}/StructureDefinition/pas-membership-request`;

/** A section of what waits for a decision on the day shown, in the order of the mapping. */
export function requestSections(shown: Shown): Section[] {
  const items = shown.past<OrganizationAffiliation>('OrganizationAffiliation').flatMap((one): Item[] => {
    const parts = one.extension?.find(({ url }) => url === definition)?.extension;
    const dateOf = (name: string): string | undefined => parts?.find(({ url }) => url === name)?.valueDate;
    const asked = dateOf('date');
    const decided = dateOf('decided');
    if (!asked || asked > shown.at.slice(0, asked.length)) return [];
    if (decided && decided <= shown.at.slice(0, decided.length)) return [];
    const structure = shown.find<Organization>(one.participatingOrganization);
    const title = structure?.name ?? one.participatingOrganization?.display;
    return title ? [{ title, lines: [dateText(asked)], children: [] }] : [];
  });
  return items.length ? [{ heading: "Demandes d'adhésion en attente", note: [], style: 'list', items }] : [];
}
