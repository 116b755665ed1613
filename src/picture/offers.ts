/** What the network itself offers: its missions and the care that no single structure provides. */
import type { HealthcareService, Organization, OrganizationAffiliation } from '../fhir/types.ts';
import { textOf, textsOf } from './concepts.ts';
import type { Shown } from './shown.ts';
import type { Item, Section } from './types.ts';

/** Offers whose provider is the network or nobody drawn, and that are no structure's place in it; one that says neither category, speciality nor level is a mission. */
export function offerSections(shown: Shown): Section[] {
  const affiliations = shown.all<OrganizationAffiliation>('OrganizationAffiliation');
  const places = new Set(
    affiliations.flatMap((one) => one.healthcareService ?? []).map((one) => shown.keyIn(one)),
  );
  const offers = shown.all<HealthcareService>('HealthcareService').filter(({ key, providedBy }) => {
    const provider = shown.keyIn(providedBy);
    const own = !provider || provider === shown.network || !shown.find<Organization>(providedBy);
    return own && !places.has(key);
  });
  const missions = offers.filter((one) => !one.category && !one.specialty && !one.characteristic);
  const cares = offers.filter((one) => !missions.includes(one));
  if (!cares.length) return sectionOf('Missions', missions);
  if (!missions.length) return sectionOf('Missions et offres de soins', cares);
  return [...sectionOf('Offres de soins', cares), ...sectionOf('Missions', missions)];
}

function sectionOf(heading: string, offers: readonly HealthcareService[]): Section[] {
  return offers.length ? [{ heading, note: [], style: 'list', items: offers.map(itemOf) }] : [];
}

function itemOf(offer: HealthcareService): Item {
  const title = offer.name ?? textsOf(offer.type).join(', ');
  return { title, lines: offerTexts(offer).filter((text) => text !== title), children: [] };
}

/** What an offer says of itself, each once: what it is, for whom, at which level. */
export function offerTexts({
  category,
  type,
  specialty,
  eligibility,
  characteristic,
}: HealthcareService): string[] {
  const whom = (eligibility ?? []).map(({ code, comment }) => comment ?? textOf(code));
  return [
    ...new Set([
      ...[category, type, specialty].flatMap(textsOf),
      ...whom.filter((text) => text !== undefined),
      ...textsOf(characteristic),
    ]),
  ];
}
