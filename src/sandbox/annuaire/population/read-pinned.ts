/** Reads the list of people and structures that example networks name (`known-identifiers.json`) as pins of a population. */
import type { Pinned, PinnedPerson, PinnedStructure } from './types.ts';
import { codes } from './tables.ts';

type Coding = { system?: string; code?: string };
type KnownStructure = {
  finess?: string;
  finessKind?: string;
  idNatSt?: string;
  siren?: string;
  siret?: string;
  name?: string;
  types?: Coding[];
  legalEntity?: string;
  city?: string;
  postalCode?: string;
  commune?: string;
};
type KnownPerson = {
  rpps?: string;
  family?: string;
  given?: string[];
  codes?: Coding[];
  workplaces?: string[];
};

/** Throws SyntaxError when the text is not such a list. Entries without any identifier are an error too. */
export function readPinned(text: string): Pinned {
  const known = JSON.parse(text) as { structures?: KnownStructure[]; people?: KnownPerson[] };
  const { structures = [], people = [] } = known ?? {};
  if (!Array.isArray(structures) || !Array.isArray(people)) {
    throw new SyntaxError('lists "structures" and "people" are expected');
  }
  return { structures: structures.map(structureOf), people: people.map(personOf) };
}

function codeOf(codings: Coding[] | undefined, system: string): string | undefined {
  return codings?.find((coding) => coding.system === system)?.code;
}

function structureOf(known: KnownStructure, position: number): PinnedStructure {
  if (!known.finess && !known.siren && !known.siret && !known.idNatSt) {
    throw new SyntaxError(`structures[${position}] has no identifier`);
  }
  const legal = known.finess ? known.finessKind === 'legal' : undefined;
  return defined({
    finess: known.finess,
    siren: known.siren,
    siret: known.siret,
    idNatSt: known.idNatSt,
    name: known.name,
    category: codeOf(known.types, codes.systems.category),
    sector: codeOf(known.types, codes.systems.sector),
    commune: known.commune,
    city: known.city,
    postcode: known.postalCode,
    legal,
    parent: known.legalEntity,
  });
}

function personOf(known: KnownPerson, position: number): PinnedPerson {
  if (!known.rpps) throw new SyntaxError(`people[${position}] has no RPPS`);
  return {
    rpps: known.rpps,
    ...defined({
      family: known.family,
      given: known.given?.[0],
      profession: codeOf(known.codes, codes.systems.profession),
      knowHow: codeOf(known.codes, codes.systems.knowHow),
      structures: known.workplaces,
    }),
  };
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
