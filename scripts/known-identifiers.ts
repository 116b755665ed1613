/**
 * Writes `examples/directory/known-identifiers.json`: the structures and people that the example networks name by a
 * national identifier, as the networks publish them, so that an emulated directory can hold them.
 *   node scripts/known-identifiers.ts           writes it
 *   node scripts/known-identifiers.ts --check   exits 1 when what is committed is not what the examples say
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createKnowledge, shippedFolders } from '../src/gateway/knowledge.ts';
import { readNetworkFiles } from '../src/gateway/networks.ts';
import { idNatPsOfRpps, idNatStOfFiness, systems } from '../src/fhir/identifiers.ts';
import { parseKeyReference } from '../src/fhir/references.ts';
import type {
  CodeableConcept,
  Coding,
  Organization,
  Practitioner,
  PractitionerRole,
} from '../src/fhir/types.ts';
import type { MappedResource } from '../src/mapping/types.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'examples/directory/known-identifiers.json');
/** A day on which all example networks stand; every period counts, whatever the day. */
const at = '2026-01-01';

type Code = Pick<Coding, 'system' | 'code' | 'display'>;

/** A structure: FINESS (of a site or of a legal entity), or only a SIREN. */
export type KnownStructure = {
  finess?: string;
  finessKind?: 'geographic' | 'legal';
  idNatSt?: string;
  siren?: string;
  name: string;
  types: Code[];
  city?: string;
  postalCode?: string;
  /** INSEE code, where the official list has one commune of that name and postal code. */
  commune?: string;
  /** FINESS of the legal entity. */
  legalEntity?: string;
  networks: string[];
};

export type KnownPerson = {
  rpps: string;
  idNatPs: string;
  family: string;
  given: string[];
  /** Profession and speciality. */
  codes: Code[];
  /** FINESS of the structures where networks say that the person works. */
  workplaces: string[];
  networks: string[];
};

export type KnownIdentifiers = { structures: KnownStructure[]; people: KnownPerson[] };

/** What the example networks name. */
export async function knownIdentifiers(): Promise<KnownIdentifiers> {
  const files = globSync('examples/networks/*.yaml', { cwd: root })
    .sort()
    .map((file) => join(root, file));
  const knowledge = createKnowledge(shippedFolders(new URL('../src/main.ts', import.meta.url).href));
  const structures = new Map<string, KnownStructure>();
  const people = new Map<string, KnownPerson>();
  for (const { network, resources } of await readNetworkFiles(files, knowledge, { at })) {
    if (!network) continue;
    for (const one of resources) {
      if (one.type === 'Organization') note(structures, structureOf(one), network.id);
      if (one.type === 'Practitioner') note(people, personOf(one, resources), network.id);
    }
  }
  const sorted = <T>(all: ReadonlyMap<string, T>): T[] =>
    [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return { structures: sorted(structures), people: sorted(people) };
}

function note<T extends { networks: string[] }>(
  all: Map<string, T>,
  found: { id: string; one: T } | undefined,
  network: string,
): void {
  if (!found) return;
  const known = all.get(found.id) ?? found.one;
  if (!known.networks.includes(network)) known.networks.push(network);
  all.set(found.id, known);
}

function structureOf({ body }: MappedResource): { id: string; one: KnownStructure } | undefined {
  const { identifier = [], name = '', address, partOf, type } = body as unknown as Organization;
  const finess = identifier.find(({ system }) => system === systems.finess);
  const siren = identifier.find(({ system }) => system === systems.siren)?.value;
  const id = finess?.value ?? siren;
  if (id === undefined) return undefined;
  const [{ city, postalCode } = {}] = address ?? [];
  const commune = city && postalCode ? communeOf(city, postalCode) : undefined;
  const owner = partOf?.reference === undefined ? undefined : parseKeyReference(partOf.reference);
  const legalEntity = owner?.key.startsWith(`${systems.finess}|`) ? owner.key.split('|')[1] : undefined;
  const one: KnownStructure = {
    ...(finess?.value === undefined ? {} : { finess: finess.value, finessKind: kindOf(finess.type) }),
    ...(finess?.value === undefined ? {} : { idNatSt: idNatStOfFiness(finess.value) }),
    ...(siren === undefined ? {} : { siren }),
    ...{ name, types: codesOf(type) },
    ...(city === undefined ? {} : { city }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(commune === undefined ? {} : { commune }),
    ...(legalEntity === undefined ? {} : { legalEntity }),
    networks: [],
  };
  return { id, one };
}

function kindOf(type: CodeableConcept | undefined): 'geographic' | 'legal' {
  return type?.coding?.some(({ code }) => code === 'FINEJ') ? 'legal' : 'geographic';
}

function personOf(
  { key, body }: MappedResource,
  resources: readonly MappedResource[],
): { id: string; one: KnownPerson } | undefined {
  const { identifier = [], name, qualification = [] } = body as unknown as Practitioner;
  const rpps = identifier.find(({ system }) => system === systems.rpps)?.value;
  if (rpps === undefined) return undefined;
  const roles = resources
    .filter(({ type }) => type === 'PractitionerRole')
    .map((one) => one.body as unknown as PractitionerRole)
    .filter(({ practitioner }) => parseKeyReference(practitioner?.reference ?? '')?.key === key);
  const places = roles.flatMap(({ extension = [] }) =>
    extension.flatMap(({ valueReference }) => parseKeyReference(valueReference?.reference ?? '')?.key ?? []),
  );
  const one: KnownPerson = {
    ...{ rpps, idNatPs: idNatPsOfRpps(rpps), family: name?.[0]?.family ?? '', given: name?.[0]?.given ?? [] },
    codes: codesOf(qualification.map(({ code }) => code)),
    workplaces: places
      .filter((place) => place.startsWith(`${systems.finess}|`))
      .map((place) => place.split('|')[1]!),
    networks: [],
  };
  return { id: rpps, one };
}

function codesOf(concepts: readonly CodeableConcept[] = []): Code[] {
  const codings = concepts.flatMap(({ coding = [] }) => coding);
  return codings.map(({ system, code, display }) => ({ system, code, ...(display ? { display } : {}) }));
}

type Commune = { code: string; nom: string; type: string; codesPostaux?: string[] };
let communes: Commune[] | undefined;

function communeOf(city: string, postalCode: string): string | undefined {
  const data = join(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif'), '../data');
  communes ??= JSON.parse(readFileSync(join(data, 'communes.json'), 'utf8')) as Commune[];
  const there = communes.filter(
    ({ nom, type, codesPostaux = [] }) =>
      type === 'commune-actuelle' && codesPostaux.includes(postalCode) && nom === city,
  );
  return there.length === 1 ? there[0]!.code : undefined;
}

/** The text of the file. */
export async function knownIdentifiersText(): Promise<string> {
  return `${JSON.stringify(await knownIdentifiers(), null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const text = await knownIdentifiersText();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('examples/directory/known-identifiers.json est périmé : node scripts/known-identifiers.ts');
    process.exitCode = 1;
  }
}
