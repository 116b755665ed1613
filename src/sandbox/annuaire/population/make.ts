/** Makes people, structures, roles, services: the only writer of new rows. */
import { draw, fraction } from './chance.ts';
import { giveFiness, practiceNumbers } from './identify.ts';
import { level, past, type State } from './state.ts';
import { stream } from './streams.ts';
import { addRow, flag, never } from './table.ts';
import { codes, weighCategory, weighCommune, weighPracticeSector, weighProfession } from './tables.ts';

/** On the first day records are there already, last changed some day before. */
function changedOn(state: State, index: number, salt: number): number {
  if (state.day > past) return state.day;
  return draw(state.seed, stream.age, index, salt) % past;
}

export function addPerson(state: State): number {
  const person = addRow(state.people, state.day === past ? 0 : state.day, 0);
  state.people.columns.changed[person] = changedOn(state, person, 1);
  state.people.columns.profession[person] = weighProfession(fraction(state.seed, stream.profession, person));
  return person;
}

/** A legal entity; its sites are made with `addSite`. */
export function addLegal(state: State): number {
  const legal = addStructure(state, level.legal);
  const { columns } = state.structures;
  giveFiness(state, legal);
  giveSiren(state, legal, columns.rank[legal]! % 60_000);
  columns.category[legal] = weighCategory(fraction(state.seed, stream.category, legal));
  return legal;
}

/** A site of a legal entity, of any category unless one is asked for. */
export function addSite(state: State, legal: number, category?: number): number {
  const site = addStructure(state, level.site);
  const { columns } = state.structures;
  giveFiness(state, site);
  giveSiren(state, site, columns.siren[legal]!);
  columns.nic[site] = (columns.rank[site]! % 9_998) + 1;
  columns.category[site] = category ?? weighCategory(fraction(state.seed, stream.category, site));
  linkSite(state, site, legal);
  if (state.day === past) hideSome(state, site);
  addAuthorised(state, site);
  return site;
}

function giveSiren(state: State, structure: number, body: number): void {
  const { columns } = state.structures;
  columns.siren[structure] = body;
  columns.nextOfSiren[structure] = state.firstOfSiren[body]!;
  state.firstOfSiren[body] = structure;
}

/** Puts a site under a legal entity; it must be under none. */
export function linkSite(state: State, site: number, legal: number): void {
  const { columns } = state.structures;
  columns.parent[site] = legal;
  columns.nextSite[site] = columns.firstSite[legal]!;
  columns.firstSite[legal] = site;
}

/** A practice owned by a person. */
export function addPractice(state: State, owner: number): number {
  const practice = addStructure(state, level.practice);
  const { columns } = state.structures;
  const rank = state.practices.push(practice) - 1;
  const { siren, nic } = practiceNumbers(rank);
  columns.rank[practice] = rank;
  giveSiren(state, practice, siren);
  columns.nic[practice] = nic;
  columns.parent[practice] = owner;
  columns.category[practice] = weighPracticeSector(fraction(state.seed, stream.category, practice));
  if (rank + state.firstOwner !== owner) state.laterPractices.set(`${owner} ${100 + (rank % 900)}`, practice);
  if (state.day === past) hideSome(state, practice);
  return practice;
}

function addStructure(state: State, of: number): number {
  const structure = addRow(state.structures, state.day === past ? 0 : state.day, 0);
  const { columns } = state.structures;
  columns.changed[structure] = changedOn(state, structure, 2);
  columns.level[structure] = of;
  columns.commune[structure] = weighCommune(fraction(state.seed, stream.commune, structure));
  return structure;
}

/** Roles refer to it, and the API does not serve it for some weeks (P-4). */
function hideSome(state: State, structure: number): void {
  if (fraction(state.seed, stream.hidden, structure) >= state.born.hidden) return;
  const { columns } = state.structures;
  const day = state.day + 2 + (draw(state.seed, stream.hiddenDays, structure) % 90);
  columns.shown[structure] = day;
  columns.changed[structure] = day;
  columns.flags[structure]! |= flag.hidden;
}

/** Care activities and heavy devices of a hospital site, shown as long as the site. */
function addAuthorised(state: State, site: number): void {
  const category = codes.categories[state.structures.columns.category[site]!]!;
  if (!category.care) return;
  const activities = 1 + (draw(state.seed, stream.service, site) % 4);
  for (let count = 0; count < activities; count += 1) addService(state, site, 'services');
  if (fraction(state.seed, stream.device, site) < 0.4) addService(state, site, 'devices');
}

export function addService(state: State, site: number, kind: 'services' | 'devices'): number {
  const table = state[kind];
  const first =
    kind === 'services' ? state.structures.columns.firstService : state.structures.columns.firstDevice;
  const index = addRow(table, state.structures.columns.shown[site]!, 0);
  const shown = state.structures.columns.shown[site]!;
  table.columns.changed[index] = Math.max(changedOn(state, index, kind === 'services' ? 4 : 5), shown);
  table.columns.structure[index] = site;
  table.columns.next[index] = first[site]!;
  first[site] = index;
  return index;
}

/** A situation d'exercice of a person, in a structure or none. */
export function addRole(state: State, person: number, structure: number | undefined): number {
  const role = addRow(state.roles, state.day === past ? 0 : state.day, 0);
  const { columns } = state.roles;
  columns.changed[role] = changedOn(state, role, 3);
  columns.person[role] = person;
  columns.nextOfPerson[role] = state.people.columns.firstRole[person]!;
  state.people.columns.firstRole[person] = role;
  if (structure === undefined) return role;
  columns.structure[role] = structure;
  columns.nextOfStructure[role] = state.structures.columns.firstRole[structure]!;
  state.structures.columns.firstRole[structure] = role;
  return role;
}

/** Open: not closed, and neither hidden for ever. */
export function isOpen(table: { columns: { closed: Uint16Array } }, index: number): boolean {
  return table.columns.closed[index] === never;
}
