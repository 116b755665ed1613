/** Structures and what binds them to the network: one section for each role, one item for each structure. */
import type { BusinessKey } from '../fhir/key.ts';
import type { HealthcareService, Organization, OrganizationAffiliation } from '../fhir/types.ts';
import { factsOf, gathered, inForce, periodText, textsOf } from './concepts.ts';
import { offerTexts } from './offers.ts';
import type { Keyed, Shown } from './shown.ts';
import type { Item, Section } from './types.ts';

type Structure = Keyed<Organization>;

/** Offers by the structure that provides them. */
type Offers = ReadonlyMap<BusinessKey | undefined, Keyed<HealthcareService>[]>;

/** A place in the network: the structure, or its name alone. */
type Place = { role: string; item: Item; structure?: Structure; affiliated: boolean };

const noRole = 'Autres structures';

/** Sections of affiliated structures, in the order in which the network names their roles. */
export function structureSections(shown: Shown): Section[] {
  const places = withoutBareParents(placesOf(shown), shown);
  const placed = new Map<BusinessKey, Place>();
  for (const place of places) if (place.structure) placed.set(place.structure.key, place);
  const tops = places.filter((place) => !nest(place, placed, shown));
  const groups = Map.groupBy(tops, ({ role }) => role);
  return [...groups].map(([heading, members]) => ({
    heading,
    note: [],
    style: 'affiliated' as const,
    items: byLevel(members.map(({ item }) => item)),
  }));
}

/**
 * A structure that is only what others are part of (a legal entity) is no member itself: it frames its sites when they
 * stand together, else it is named by each of them.
 */
function withoutBareParents(places: readonly Place[], shown: Shown): Place[] {
  const parts = Map.groupBy(places, ({ structure }) => shown.keyIn(structure?.partOf));
  const sitesOf = (place: Place): Place[] =>
    (place.structure && !place.affiliated && parts.get(place.structure.key)) || [];
  const frames = new Map<Place, Place>();
  for (const place of places) {
    const [first, ...others] = sitesOf(place);
    if (!first) continue;
    const together = others.every(({ role, item }) => role === first.role && item.under === first.item.under);
    if (!together || !others.length) {
      for (const { item } of sitesOf(place)) item.lines.push(`Rattachement : ${place.item.title}`);
      continue;
    }
    const under = first.item.under ? { under: first.item.under } : {};
    frames.set(first, { ...place, role: first.role, item: { ...place.item, ...under } });
  }
  return places.flatMap((place) => {
    const frame = frames.get(place);
    return sitesOf(place).length ? [] : frame ? [frame, place] : [place];
  });
}

/** One place for each structure: the first affiliation gives the role, further ones are lines of it. */
function placesOf(shown: Shown): Place[] {
  const places = new Map<string, Place>();
  const offers = Map.groupBy(shown.all<HealthcareService>('HealthcareService'), ({ providedBy }) =>
    shown.keyIn(providedBy),
  );
  for (const affiliation of shown.all<OrganizationAffiliation>('OrganizationAffiliation')) {
    const structure = shown.find<Organization>(affiliation.participatingOrganization);
    const name = structure?.name ?? affiliation.participatingOrganization?.display;
    if (!name) continue;
    const role = textsOf(affiliation.code).join(', ') || noRole;
    const key = structure?.key ?? `${role} ${name}`;
    const known = places.get(key);
    if (known) known.item.lines.push(...[role, ...affiliationLines(affiliation, shown)]);
    else
      places.set(key, {
        affiliated: true,
        role,
        item: itemOf(name, structure, affiliation, offers, shown),
        ...(structure ? { structure } : {}),
      });
  }
  for (const structure of unaffiliated(shown)) {
    places.set(structure.key, {
      affiliated: false,
      role: noRole,
      item: itemOf(structure.name ?? '', structure, undefined, offers, shown),
      structure,
    });
  }
  return [...places.values()];
}

/** Structures that no affiliation ever named: those of past ones have left. */
function unaffiliated(shown: Shown): Structure[] {
  const every = [
    ...shown.all<OrganizationAffiliation>('OrganizationAffiliation'),
    ...shown.past<OrganizationAffiliation>('OrganizationAffiliation'),
  ];
  const named = new Set(every.map((one) => shown.keyIn(one.participatingOrganization)));
  return shown
    .all<Organization>('Organization')
    .filter(({ key, name }) => name && key !== shown.network && !named.has(key));
}

function itemOf(
  title: string,
  structure: Structure | undefined,
  affiliation: OrganizationAffiliation | undefined,
  offers: Offers,
  shown: Shown,
): Item {
  const services = (affiliation?.healthcareService ?? [])
    .map((reference) => shown.find<HealthcareService>(reference))
    .filter((service) => service !== undefined);
  const level = services.flatMap(({ characteristic }) => textsOf(characteristic)).join(', ');
  const address = structure?.address?.[0];
  const lines = [
    textsOf(structure?.type).join('\u00a0· '),
    [[address?.postalCode, address?.city].filter(Boolean).join(' '), periodText(affiliation?.period)]
      .filter(Boolean)
      .join('\u00a0· '),
    ...(affiliation ? affiliationLines(affiliation, shown) : []),
  ];
  const known = services.map(({ key }) => key);
  const children = structure ? offersOf(offers.get(structure.key), known) : [];
  return { title, lines: lines.filter(Boolean), ...(level ? { under: level } : {}), children };
}

function affiliationLines({ extension, specialty }: OrganizationAffiliation, { at }: Shown): string[] {
  const agreements = factsOf(extension)
    .filter((fact) => inForce(fact.period, at))
    .map(({ text }) => text);
  return [...textsOf(specialty), ...agreements];
}

/** Offers of a structure other than its place in the network. */
function offersOf(
  offers: readonly Keyed<HealthcareService>[] | undefined,
  known: readonly BusinessKey[],
): Item[] {
  return (offers ?? [])
    .filter(({ key }) => !known.includes(key))
    .map((offer) => ({
      title: offer.name ?? textsOf(offer.type).join(', '),
      lines: gathered(offerTexts(offer)),
      children: [],
    }));
}

/** Puts a unit inside the structure it is part of, when that one is drawn; otherwise names it. */
function nest(place: Place, placed: ReadonlyMap<BusinessKey, Place>, shown: Shown): boolean {
  const whole = shown.keyIn(place.structure?.partOf);
  const parent = whole ? placed.get(whole) : undefined;
  if (!parent || parent === place || circular(place, placed, shown)) {
    const display = place.structure?.partOf?.display;
    if (display) place.item.lines.push(`Entité juridique : ${display}`);
    return false;
  }
  const role = place.role === parent.role || place.role === noRole ? [] : [place.role];
  const { title, lines, children } = place.item;
  parent.item.children.push({ title, lines: [...role, ...lines], children });
  return true;
}

function circular(place: Place, placed: ReadonlyMap<BusinessKey, Place>, shown: Shown): boolean {
  const seen = new Set<BusinessKey>();
  for (let at: Place | undefined = place; at?.structure;) {
    if (seen.has(at.structure.key)) return true;
    seen.add(at.structure.key);
    const whole: BusinessKey | undefined = shown.keyIn(at.structure.partOf);
    at = whole ? placed.get(whole) : undefined;
  }
  return false;
}

/** Items of one level together, levels in order, those without one last. */
function byLevel(items: readonly Item[]): Item[] {
  if (!items.some(({ under }) => under)) return [...items];
  const order = (item: Item): string => item.under ?? '\uffff';
  return items
    .map((item, index) => ({
      item: { ...item, under: item.under ?? 'Sans niveau' },
      index,
      order: order(item),
    }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.index - b.index))
    .map(({ item }) => item);
}
