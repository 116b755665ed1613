/**
 * A ROR export (french-standards §5.4): not NDJSON but one Bundle a slice, `fhir+json`: establishments, where they are,
 * and what they offer.
 */
import type { AnyResource } from '../../../fhir/types.ts';
import { draw } from '../population/chance.ts';
import type { Code, StructureFacts } from '../population/facts.ts';
import { codes } from '../population/tables.ts';
import type { Population } from '../population/types.ts';
import { identifier, structureIdentifiers } from '../population/resources.ts';

const { systems, profiles, ror } = codes;
/** Draws of this file; no other uses the number. */
const stream = 44;

/** Bundles of at most `slice` resources. */
export function* rorSlices(population: Population, slice: number): Generator<AnyResource> {
  let entries: { fullUrl: string; resource: AnyResource }[] = [];
  for (const resource of resources(population)) {
    entries.push({ fullUrl: `${resource.resourceType}/${resource.id}`, resource });
    if (entries.length < slice) continue;
    yield bundle(entries);
    entries = [];
  }
  if (entries.length > 0) yield bundle(entries);
}

function bundle(entry: readonly object[]): AnyResource {
  return { resourceType: 'Bundle', type: 'collection', entry };
}

/** Hospitals, their locations and their units; closed ones are not in an export. */
function* resources(population: Population): Generator<AnyResource> {
  for (let index = 0; index < population.count('Organization'); index += 1) {
    if (!population.isActive('Organization', index) || !population.finessOf(index)) continue;
    const facts = population.structure(index)!;
    const category = codes.categories.find(({ code }) => code === facts.category?.code);
    if (facts.level !== 'site' || !facts.served || !category?.care) continue;
    yield organization(population, index, facts);
    yield location(population, index, facts);
    const units = 1 + (draw(population.seed, stream, index) % 3);
    for (let unit = 0; unit < units; unit += 1) yield service(population, index, unit, facts);
  }
}

function meta(
  population: Population,
  facts: StructureFacts,
  profile: string,
): NonNullable<AnyResource['meta']> {
  return {
    lastUpdated: `${population.dateOf(facts.changed)}T04:00:00.000+01:00`,
    profile: [`${profiles.ror}${profile}`],
    tag: [{ system: systems.region, code: facts.address.commune.region }],
  };
}

function creationDate({ opened }: StructureFacts) {
  return { url: `${profiles.ror}ror-meta-creation-date`, valueDateTime: `${opened}T09:00:00+01:00` };
}

function organization(population: Population, index: number, facts: StructureFacts): AnyResource {
  return {
    resourceType: 'Organization',
    id: `eg-${index}`,
    meta: meta(population, facts, 'ror-organization'),
    extension: [creationDate(facts)],
    identifier: structureIdentifiers(facts),
    active: true,
    type: [concept(systems.category, facts.category)],
    name: facts.longName,
    telecom: [{ system: 'phone', value: facts.phone }],
  };
}

function location(population: Population, index: number, facts: StructureFacts): AnyResource {
  const { commune, number, streetType, street, lat, lon } = facts.address;
  return {
    resourceType: 'Location',
    id: `lieu-${index}`,
    meta: meta(population, facts, 'ror-location'),
    identifier: [identifier(undefined, 'urn:oid:1.2.250.1.213.3.6', `LIEU-${facts.finess}`)],
    status: 'active',
    name: facts.name,
    address: {
      line: [`${number} ${streetType.label} ${street}`],
      city: commune.name,
      postalCode: commune.postcode,
      country: 'FR',
    },
    position: { latitude: lat, longitude: lon },
    managingOrganization: { reference: `Organization/eg-${index}` },
  };
}

function service(population: Population, index: number, unit: number, facts: StructureFacts): AnyResource {
  const number = draw(population.seed, stream, index, unit + 1);
  const level = number % 4 === 0 ? ror.levels[(number >>> 4) % ror.levels.length] : undefined;
  const category = ror.categories[(number >>> 8) % ror.categories.length]!;
  return {
    resourceType: 'HealthcareService',
    id: `offre-${index}-${unit}`,
    meta: meta(population, facts, 'ror-healthcareservice'),
    extension: [
      creationDate(facts),
      { url: `${profiles.ror}ror-healthcareservice-sensitive-unit`, valueBoolean: false },
      {
        url: `${profiles.ror}ror-healthcareservice-patient-type`,
        extension: [{ url: 'ageRange', valueRange: { low: { value: 18 }, high: { value: 120 } } }],
      },
    ],
    identifier: [identifier(undefined, 'urn:oid:1.2.250.1.213.3.6', `OFFRE-${facts.finess}-${unit}`)],
    active: true,
    providedBy: { reference: `Organization/eg-${index}` },
    category: [concept(systems.offerCategory, category)],
    type: [concept(systems.field, ror.fields[(number >>> 12) % ror.fields.length])],
    specialty: [concept(systems.operational, ror.activities[(number >>> 16) % ror.activities.length])],
    location: [{ reference: `Location/lieu-${index}` }],
    name: `${category.label} ${facts.name}`,
    characteristic: [
      concept(systems.careMode, ror.careMode),
      ...(level ? [concept(systems.expertise, level)] : []),
    ],
  };
}

function concept(system: string, code: Code | undefined) {
  return { coding: [{ system, code: code?.code ?? '', display: code?.label ?? '' }] };
}
