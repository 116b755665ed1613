/** What networks name that a directory may know, read off the resources they publish: no kind of network is special. */
import { type BusinessKey, keysOf, splitKey } from '../../fhir/key.ts';
import { networkSystem } from '../../fhir/names.ts';
import { parseKeyReference, referencesIn } from '../../fhir/references.ts';
import type { Address, CodeableConcept, HumanName, Practitioner, PractitionerRole } from 'fhir/r4.js';
import type { MappedResource } from '../../mapping/types.ts';
import { identifying } from './aliases.ts';
import type { MatchItem } from './types.ts';

export type ItemOptions = {
  network: string;
  /** INSEE codes of a city, by name and postal code. */
  communesOf: (city: string, postalCode: string | undefined) => readonly string[];
  /** `file:line` of what describes a resource. */
  placeOf?: (resource: MappedResource) => string | undefined;
};

/** Communes of a territory that stand for where its persons work when the network does not say; more say nothing. */
const fewCommunes = 50;

/** Structures with a national identifier or an address, and persons, of one network. */
export function itemsOf(resources: readonly MappedResource[], options: ItemOptions): MatchItem[] {
  const communes = new Map<BusinessKey, readonly string[]>();
  for (const one of resources.filter(({ type }) => type === 'Organization'))
    communes.set(one.key, communesAt(one, options));
  const roles = resources.filter(({ type }) => type === 'PractitionerRole');
  const territory = territoryOf(resources);
  return resources.flatMap((one): MatchItem[] => {
    if (one.type === 'Organization') return structure(one, communes.get(one.key)!, options);
    if (one.type !== 'Practitioner') return [];
    const own = roles.filter(({ body }) => personOf(body) === one.key);
    return [person(one, own, communes, territory, options)];
  });
}

function structure(one: MappedResource, communes: readonly string[], options: ItemOptions): MatchItem[] {
  const identifiers = nationalKeys(one);
  if (identifiers.length === 0 && communes.length === 0) return []; // a unit, an actor known by name only
  const { name = '', type = [] } = one.body as { name?: string; type?: CodeableConcept[] };
  return [
    {
      ...shared(one, options),
      kind: 'Organization',
      identifiers,
      name,
      communes,
      codes: codesOf(type),
      workplaces: [],
    },
  ];
}

function person(
  one: MappedResource,
  roles: readonly MappedResource[],
  communes: ReadonlyMap<BusinessKey, readonly string[]>,
  territory: readonly string[],
  options: ItemOptions,
): MatchItem {
  const { name: [name = {}] = [] as HumanName[], qualification = [] } = one.body as Partial<Practitioner>;
  const workplaces = roles.flatMap(({ body }) => workplacesOf(body));
  const there = [...new Set(workplaces.flatMap((place) => communes.get(place) ?? []))];
  const ofRoles = roles.flatMap(({ body }) => {
    const { code = [], specialty = [] } = body as Partial<PractitionerRole>;
    return [...code, ...specialty];
  });
  const given = name.given?.join(' ') ?? '';
  return {
    ...{ ...shared(one, options), kind: 'Practitioner', identifiers: nationalKeys(one) },
    ...{ name: [given, name.family].filter(Boolean).join(' '), family: name.family ?? '', given },
    communes: there.length ? there : territory,
    codes: [...new Set([...codesOf(qualification.map(({ code }) => code)), ...codesOf(ofRoles)])],
    workplaces: [...new Set(workplaces)],
  };
}

function shared(one: MappedResource, { network, placeOf }: ItemOptions) {
  const place = placeOf?.(one);
  return { network, key: one.key, ...(place === undefined ? {} : { place }) };
}

/** National identifiers of a resource, the surest system first. */
function nationalKeys({ body }: MappedResource): BusinessKey[] {
  const known = keysOf(body).filter((key) => identifying.includes(splitKey(key).system));
  return known.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function place(key: BusinessKey): number {
  return identifying.indexOf(splitKey(key).system);
}

/** Whom a role of a network is about. */
export function personOf(role: MappedResource['body']): BusinessKey | undefined {
  const { practitioner } = role as Partial<PractitionerRole>;
  return practitioner?.reference === undefined ? undefined : parseKeyReference(practitioner.reference)?.key;
}

/** Where a network says that a role's person works: structures that its extensions point to. */
export function workplacesOf(role: MappedResource['body']): BusinessKey[] {
  return referencesIn(role['extension'] ?? []).flatMap((reference) => {
    const found = parseKeyReference(reference);
    return found?.type === 'Organization' && !found.key.startsWith(`${networkSystem}|`) ? [found.key] : [];
  });
}

function communesAt({ body }: MappedResource, { communesOf }: ItemOptions): readonly string[] {
  const { address = [] } = body as { address?: Address[] };
  const found = address.flatMap(({ city, postalCode }) => (city ? communesOf(city, postalCode) : []));
  return [...new Set(found)];
}

/** Communes that the network's territory lists, as far as they are few. */
function territoryOf(resources: readonly MappedResource[]): string[] {
  const places = resources.filter(({ type }) => type === 'Location');
  const codes = places.flatMap(({ body }) => {
    const extensions = (body['extension'] ?? []) as { valueCoding?: { code?: string } }[];
    return extensions.flatMap(({ valueCoding }) => valueCoding?.code ?? []);
  });
  const communes = [...new Set(codes.filter((code) => /^([0-9]{5}|2[AB][0-9]{3})$/.test(code)))];
  return communes.length <= fewCommunes ? communes : [];
}

function codesOf(concepts: readonly CodeableConcept[]): string[] {
  return concepts.flatMap(({ coding = [] }) =>
    coding.flatMap(({ system, code }) => (system && code ? [`${system}|${code}`] : [])),
  );
}
