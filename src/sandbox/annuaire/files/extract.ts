/** The flat extracts `PS_LibreAcces_*` (french-standards §3.4): activities, know-how, diplomas. */
import type { Address, PersonFacts, StructureFacts } from '../population/facts.ts';
import { plainTown } from '../population/structure.ts';
import type { Population } from '../population/types.ts';
import { activityHeader, degreeHeader, knowHowHeader } from './headers.ts';
import { alone, orderRows } from './order.ts';
import type { RowFile } from './types.ts';

/** The three files of a day, in the order in which they are published. */
export function extractFiles(population: Population, shuffled: boolean): RowFile[] {
  const stamp = `${population.day.replaceAll('-', '')}0830`;
  const order = orderRows(population, shuffled);
  const file = (name: string, header: readonly string[], rows: () => Iterable<string[]>): RowFile => ({
    name: `PS_LibreAcces_${name}_${stamp}.txt`,
    separator: '|',
    header,
    trailing: true,
    rows,
  });
  return [
    file('Personne_activite', activityHeader, () => activities(population, order)),
    file('SavoirFaire', knowHowHeader, () => knowHows(population)),
    file('Dipl_AutExerc', degreeHeader, () => degrees(population)),
  ];
}

function* activities(population: Population, order: Uint32Array): Generator<string[]> {
  for (const row of order) {
    if (row >= alone) yield activity(population, row - alone, undefined);
    else yield activity(population, population.personOfRole(row), row);
  }
}

function activity(population: Population, index: number, role: number | undefined): string[] {
  const person = population.person(index)!;
  const situation = role === undefined ? undefined : population.role(role);
  const structure =
    situation?.structure === undefined ? undefined : population.structure(situation.structure);
  const legal = structure?.parent === undefined ? undefined : population.finessOf(structure.parent);
  const authority = person.authority;
  return [
    ...identity(person),
    person.title?.code ?? '',
    person.title?.label ?? '',
    person.civility.code,
    person.civility.label,
    person.family,
    person.given.toUpperCase(),
    ...profession(person),
    ...knowHow(person),
    situation?.mode.code ?? '',
    situation?.mode.label ?? '',
    ...place(structure, legal, person.fileMailbox),
    `${authority}/${authority}/${authority}`,
    structure?.sector.code ?? '',
    structure?.sector.label ?? '',
    situation?.section?.code ?? '',
    situation?.section?.label ?? '',
    situation?.function.code ?? '',
    situation?.function.label ?? '',
    situation?.genre.code ?? '',
    situation?.genre.label ?? '',
  ];
}

function identity({ rpps, idNatPs }: PersonFacts): string[] {
  return ['8', rpps, idNatPs];
}

function profession({ profession: { code, label }, category }: PersonFacts): string[] {
  return [code, label, category.code, category.label];
}

function knowHow({ knowHow: own }: PersonFacts): string[] {
  return own ? [own.type.code, own.type.label, own.code, own.label] : ['', '', '', ''];
}

/** From the site's SIRET to the former identifier of the structure. */
function place(
  structure: StructureFacts | undefined,
  legal: string | undefined,
  mailbox: string | undefined,
): string[] {
  if (!structure) return Array<string>(28).fill('');
  return [
    structure.siret ?? '',
    structure.siren ?? '',
    structure.finess ?? '',
    legal ?? '',
    structure.technical,
    structure.longName,
    structure.longName === structure.name ? '' : structure.name,
    structure.longName,
    '',
    ...street(structure.address),
    structure.phone,
    '',
    '',
    mailbox ?? '',
    structure.address.commune.department,
    '',
    structure.idNatSt,
  ];
}

function street({ number, streetType, street: name, commune }: Address): string[] {
  return [
    number,
    '',
    streetType.code,
    streetType.label,
    name,
    '',
    `${commune.postcode} ${plainTown(commune.name)}`,
    commune.postcode,
    commune.code,
    commune.name,
    '99000',
    'France',
  ];
}

function* knowHows(population: Population): Generator<string[]> {
  for (const person of openPeople(population)) {
    if (!person.knowHow) continue;
    yield [
      ...identity(person),
      person.family,
      person.given.toUpperCase(),
      ...profession(person),
      ...knowHow(person),
    ];
  }
}

function* degrees(population: Population): Generator<string[]> {
  for (const person of openPeople(population)) {
    const { degree } = person;
    if (!degree) continue;
    const names = [person.family, person.given.toUpperCase()];
    yield [
      ...identity(person),
      ...names,
      degree.type.code,
      degree.type.label,
      degree.code,
      degree.label,
      '',
      '',
      '',
      '',
    ];
  }
}

function* openPeople(population: Population): Generator<PersonFacts> {
  for (let index = 0; index < population.count('Practitioner'); index += 1) {
    if (population.isActive('Practitioner', index)) yield population.person(index)!;
  }
}
