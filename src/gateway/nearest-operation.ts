/** `directory nearest`: words of people into codes and a point, the search, and what networks declare of new patients. */
import { shortKey } from '../directory/keys.ts';
import { allAliases } from '../directory/match/aliases.ts';
import { type Offer, nearestOffers } from '../directory/nearest/nearest.ts';
import { type Declared, newPatientsOf, newPatientsUrl } from '../directory/nearest/new-patients.ts';
import { middleOf, type Places, placesOf } from '../directory/nearest/places.ts';
import type { NearestOffer } from '../directory/told.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Operations } from '../operations.ts';
import { publishing } from '../publish/begin.ts';
import { communeOf } from './directory-queries.ts';
import { type CodeTable, directoryRules } from './directory-rules.ts';
import type { Parts } from './parts.ts';

/** What is kept in memory while no run moves it. */
type Kept = { version: string; places: Places; offered: Map<string, ReadonlySet<string>> };

const usually = { limit: 10, within: 100 };

/** Professions and specialities kept at most; the whole country has some hundred. */
const mostKept = 500;

/**
 * The nearest-offer search over an assembled gateway. The points of the communes are kept until a run of the directory moves
 * them, what networks declare until a publication does.
 */
export function nearestOperation(gateway: Parts): Pick<Operations, 'directoryNearest'> {
  const { store, knowledge } = gateway;
  let kept: Kept | undefined;
  let said: { run: string | undefined; declared: ReadonlyMap<string, Declared> } | undefined;
  const declarations = async (): Promise<ReadonlyMap<string, Declared>> => {
    const run = await store.runs.latest(gateway.config.tenant, publishing); // before what depends on it
    if (!said || said.run !== run) said = { run, declared: await declaredIn(gateway) };
    return said.declared;
  };
  const index = async (): Promise<Kept> => {
    const version = await store.directoryNearest.version();
    if (kept?.version !== version)
      kept = { version, places: placesOf(await store.directoryNearest.places()), offered: new Map() };
    return kept;
  };
  const offeredAt = async (
    { offered }: Kept,
    profession: string,
    codes?: readonly string[],
  ): Promise<ReadonlySet<string>> => {
    const name = [profession, ...(codes ?? [])].join(' ');
    const known = offered.get(name);
    if (known) return known;
    const communes = new Set(await store.directoryNearest.communesOf(profession, codes));
    // Whoever asks for professions that nobody has must not fill the memory.
    if (communes.size > 0 && offered.size < mostKept) offered.set(name, communes);
    return communes;
  };

  return {
    async directoryNearest({ profession, speciality, commune, newPatients = false, ...asked }) {
      const rules = directoryRules(knowledge.folders.mappings);
      const { insee, name } = communeOf(knowledge.folders.mappings, commune);
      const known = await index();
      const parts = rules.communes().arrondissementsOf(insee);
      const placed = parts.flatMap((part) => known.places.at(part) ?? []);
      const from = known.places.at(insee) ?? middleOf(insee, placed);
      if (!from) throw unplaced(insee, name);
      const { code } = codeOf(rules.professions, profession, 'Profession');
      const special =
        speciality === undefined ? undefined : codeOf(rules.specialties, speciality, 'Spécialité');
      const declared = await declarations();
      const codes = special ? [`${special.system}|${special.code}`] : undefined;
      const offers = await nearestOffers(store, known.places, {
        ...{ from, profession: code, offered: await offeredAt(known, code, codes), ...usually, ...asked },
        ...(codes ? { codes } : {}),
        ...(newPatients ? { persons: accepting(declared) } : {}),
      });
      const named = (one: string): string | undefined => rules.communes().byCode(one)?.name;
      return {
        commune: { insee, ...(name ? { name } : {}), lat: from.lat, lon: from.lon },
        offers: offers.map((offer) => toldOffer(offer, declared, named)),
      };
    },
  };
}

/** What the networks, as they are published, say of persons, by short key in each of its forms. */
async function declaredIn({ config, store }: Parts): Promise<Map<string, Declared>> {
  const roles = await store.desired.withExtension(config.tenant, 'PractitionerRole', newPatientsUrl);
  const all = roles.flatMap((role) => newPatientsOf(role.networkId, [role]));
  return new Map(all.flatMap((one) => allAliases([one.person]).map((key) => [shortKey(key), one] as const)));
}

function accepting(declared: ReadonlyMap<string, Declared>): string[] {
  return [...declared].filter(([, { accepts }]) => accepts).map(([person]) => person);
}

/** A code by itself, by the word of network files or by its French name. Throws `not-found` with the words there are. */
function codeOf(table: CodeTable, text: string, what: string): { system: string; code: string } {
  const wanted = text.trim().toLowerCase();
  for (const [word, { code, system = table.system, text: name }] of Object.entries(table.codes))
    if ([word, code.toLowerCase(), name?.toLowerCase()].includes(wanted)) return { system, code };
  // A code that no network uses is a code all the same.
  if (/^[A-Za-z]{0,4}[0-9]{1,4}$/.test(text)) return { system: table.system, code: text.toUpperCase() };
  const words = Object.keys(table.codes).join(', ');
  throw new GatewayError({
    category: 'not-found',
    side: 'sender',
    message: `${what} inconnue : « ${text} ». Un code, ou l’un de ces mots : ${words}.`,
  });
}

function unplaced(insee: string, name: string): GatewayError {
  return new GatewayError({
    category: 'not-found',
    side: 'directory',
    message:
      `L’annuaire ne situe pas la commune ${name} (${insee}) : aucun établissement n’y a de coordonnées. ` +
      'Synchroniser FINESS, ou donner une commune voisine.',
  });
}

function toldOffer(
  { km, role }: Offer,
  declared: ReadonlyMap<string, Declared>,
  named: (commune: string) => string | undefined,
): NearestOffer {
  const communeName = named(role.commune);
  const said = role.practitioner === null ? undefined : declared.get(role.practitioner);
  return {
    ...{ km: Math.round(km * 10) / 10, commune: role.commune, role: role.key, source: role.source },
    ...{ profession: role.profession, codes: role.codes ?? [] },
    ...(communeName ? { communeName } : {}),
    ...(role.practitioner ? { practitioner: role.practitioner } : {}),
    ...(role.personName ? { name: role.personName } : {}),
    ...(role.organization ? { structure: role.organization } : {}),
    ...(role.structureName ? { structureName: role.structureName } : {}),
    ...(role.asOf ? { asOf: role.asOf.toISOString() } : {}),
    ...(said
      ? { newPatients: { accepts: said.accepts, network: said.network, ...(said.on ? { on: said.on } : {}) } }
      : {}),
  };
}
