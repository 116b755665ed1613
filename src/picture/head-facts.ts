/** What stands beside the name of a network: agreements, figures, disciplines, how far its list of members goes, contacts. */
import { canonicalBase } from '../fhir/names.ts';
import type { Extension, Organization } from '../fhir/types.ts';
import { dateText, factsOf, inForce, periodText, sharesOf, textOf } from './concepts.ts';

const definitions = `${canonicalBase}/StructureDefinition`;

/** Short lines, each once. */
export function headFacts({ extension, telecom, contact, active }: Organization, at: string): string[] {
  const agreements = factsOf(extension)
    .filter(({ period, date }) => !date && inForce(period, at))
    .map(({ text, period }) => [text, periodText(period)].filter(Boolean).join(', '));
  return [
    ...new Set([
      ...(active === false ? ['Réseau fermé à cette date'] : []),
      ...agreements,
      ...sharesOf(extension),
      ...listed('Disciplines', 'pas-own-discipline', extension),
      ...listed('Disciplines associées', 'pas-partner-discipline', extension),
      ...membershipList(extension),
      ...valuesOf(telecom),
      ...(contact ?? []).map(contactText),
    ]),
  ];
}

type Contact = NonNullable<Organization['contact']>[number];

function contactText({ purpose, name, telecom }: Contact): string {
  const who = [name?.text, ...valuesOf(telecom)].filter(Boolean).join(', ');
  return [purpose?.text, who].filter(Boolean).join(' : ');
}

function valuesOf(telecom: Organization['telecom']): string[] {
  return (telecom ?? []).map(({ value }) => value).filter((value) => value !== undefined);
}

function listed(label: string, name: string, extensions: readonly Extension[] | undefined): string[] {
  const texts = (extensions ?? [])
    .filter(({ url }) => url === `${definitions}/${name}`)
    .map(({ valueCodeableConcept }) => textOf(valueCodeableConcept))
    .filter((text) => text !== undefined);
  return texts.length ? [`${label} : ${texts.join(', ')}`] : [];
}

/** Who is not in a list that is not complete has neither left nor been excluded: the picture must say which it is. */
function membershipList(extensions: readonly Extension[] | undefined): string[] {
  const parts = extensions?.find(({ url }) => url === `${definitions}/pas-membership-list`)?.extension;
  const complete = parts?.find(({ valueBoolean }) => valueBoolean !== undefined)?.valueBoolean;
  if (complete === undefined) return [];
  const date = parts?.find(({ valueDate }) => valueDate !== undefined)?.valueDate;
  const asOf = date === undefined ? '' : `, ${dateText(date)}`;
  return [complete ? `Liste des membres complète${asOf}` : `Liste des membres non exhaustive${asOf}`];
}
