/** Puts the pinned structures and people into a new population, before all others. */
import { bodyOf } from './numbers.ts';
import { addLegal, addPerson, addRole, addSite } from './make.ts';
import { idNatStOf, technicalOf } from './identify.ts';
import { type State, level } from './state.ts';
import { flag, none } from './table.ts';
import { codes, communes } from './tables.ts';
import type { Pinned, PinnedStructure } from './types.ts';

const { systems } = codes;

export function pin(state: State, { structures = [], people = [] }: Pinned): void {
  for (const { finess } of structures) {
    const body = finess === undefined ? undefined : bodyOf(finess, '99', 6);
    if (body !== undefined) state.pinnedFiness.add(body);
  }
  const byNumber = new Map<string, number>();
  const legalFirst = structures.toSorted((a, b) => Number(isSite(a)) - Number(isSite(b)));
  for (const said of legalFirst) pinStructure(state, said, byNumber);
  for (const said of people) {
    const person = addPerson(state);
    state.people.columns.flags[person]! |= flag.pinned;
    state.peopleSaid.set(person, said);
    const profession = codes.professions.findIndex(({ code }) => code === said.profession);
    if (profession >= 0) state.people.columns.profession[person] = profession;
    remember(state, 'Practitioner', `${systems.rpps}|${said.rpps}`, person);
    remember(state, 'Practitioner', `${systems.idNatPs}|8${said.rpps}`, person);
    for (const place of said.structures?.length ? said.structures : [undefined]) {
      const role = addRole(state, person, place === undefined ? undefined : byNumber.get(place));
      state.roles.columns.flags[role]! |= flag.pinned;
    }
  }
}

function isSite(said: PinnedStructure): boolean {
  return said.legal === false || (said.legal === undefined && said.finess !== undefined);
}

function pinStructure(state: State, said: PinnedStructure, byNumber: Map<string, number>): void {
  const parent = said.parent === undefined ? undefined : byNumber.get(said.parent);
  // A hospital where the pin does not say: it is what example networks name most.
  const category = codes.categories.findIndex(({ code }) => code === (said.category ?? codes.unsaid));
  const { columns } = state.structures;
  let structure: number;
  if (isSite(said)) {
    const legal = parent ?? addLegal(state);
    columns.flags[legal]! |= flag.pinned;
    structure = addSite(state, legal, category < 0 ? undefined : category);
    columns.shown[structure] = 0;
    columns.flags[structure] = 0;
  } else {
    structure = addLegal(state);
    if (category >= 0) columns.category[structure] = category;
  }
  columns.flags[structure]! |= flag.pinned;
  if (said.finess === undefined && columns.level[structure] === level.legal) columns.rank[structure] = none;
  const commune = communes.findIndex(({ code }) => code === said.commune);
  if (commune >= 0) columns.commune[structure] = commune;
  state.structuresSaid.set(structure, said);
  for (const number of [said.finess, said.siren, said.siret, said.idNatSt]) {
    if (number !== undefined) byNumber.set(number, structure);
  }
  const keys = [
    said.finess && `${systems.finess}|${said.finess}`,
    said.siren && `${systems.sirene}|${said.siren}`,
    said.siret && `${systems.sirene}|${said.siret}`,
    `${systems.idNatSt}|${idNatStOf(state, structure)}`,
    `${systems.rppsRang}|${technicalOf(state, structure)}`,
  ];
  for (const key of keys) if (key) remember(state, 'Organization', key, structure);
}

/** Keeps an identifier that does not follow from the index. */
export function remember(state: State, type: string, key: string, index: number): void {
  const slot = `${type} ${key}`;
  const known = state.special.get(slot);
  if (known) known.push(index);
  else state.special.set(slot, [index]);
}
