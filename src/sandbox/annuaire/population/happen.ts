/** The single things that happen in a day. */
import { close, closeStructure, sitesOf, touch, type Today } from './close.ts';
import { addPerson, addPractice, addRole, addSite, isOpen, linkSite } from './make.ts';
import { none } from './table.ts';
import { remember } from './pin.ts';
import { codes, weighCommune } from './tables.ts';
import { finessOf } from './identify.ts';
import { drawWorkplace, pharmacyCategory } from './workplace.ts';

/** Somebody new, with a first role. */
export function arrive(today: Today): void {
  const { state, dice } = today;
  const person = addPerson(state);
  addRole(state, person, drawWorkplace(state, dice, state.people.columns.profession[person]!));
}

/** Practice moves: the role is closed, another is made with a new situation d'exercice (P-2). */
export function moveRole(today: Today, role: number, to?: number): void {
  const { state, dice } = today;
  const person = state.roles.columns.person[role]!;
  const profession = state.people.columns.profession[person]!;
  close(today, 'PractitionerRole', role);
  addRole(state, person, to ?? drawWorkplace(state, dice, profession));
}

/** The same person in the same structure under a new situation d'exercice and a new remote id (P-2). */
export function recreateRole(today: Today, role: number): void {
  const { person, structure } = today.state.roles.columns;
  const at = structure[role]!;
  close(today, 'PractitionerRole', role);
  addRole(today.state, person[role]!, at === none ? undefined : at);
}

/** A site of an open legal entity, or a practice of somebody who owns none beyond the first. */
export function openStructure(today: Today, legalOrPerson: number, kind: 'site' | 'practice'): void {
  if (kind === 'site') addSite(today.state, legalOrPerson);
  else addPractice(today.state, legalOrPerson);
}

/** A structure closes; its people find another place, or most of them. */
export function shut(today: Today, structure: number, stub?: boolean): void {
  const { state, dice } = today;
  for (const person of closeStructure(today, structure, stub)) {
    if (!isOpen(state.people, person) || dice.fraction() < 0.3) continue;
    addRole(state, person, drawWorkplace(state, dice, state.people.columns.profession[person]!));
  }
}

export function renameStructure(today: Today, structure: number, name?: string): void {
  const { state } = today;
  const { epoch } = state.structures.columns;
  epoch[structure] = (epoch[structure]! + 1) % 256;
  if (name !== undefined) {
    state.structuresSaid.set(structure, { ...state.structuresSaid.get(structure), name });
  }
  touch(state, 'Organization', structure);
}

/** Another address, in one case of three in another commune. */
export function relocate(today: Today, structure: number, commune?: number): void {
  const { state, dice } = today;
  const { columns } = state.structures;
  columns.place[structure] = (columns.place[structure]! + 1) % 256;
  if (commune !== undefined) columns.commune[structure] = commune;
  else if (dice.fraction() < 0.34) columns.commune[structure] = weighCommune(dice.fraction());
  touch(state, 'Organization', structure);
}

/** Legal entity `from` closes, its open sites go to `into`. */
export function merge(today: Today, from: number, into: number): void {
  const { state } = today;
  if (from === into || !isOpen(state.structures, from) || !isOpen(state.structures, into)) return;
  const { columns } = state.structures;
  const sites = sitesOf(state, from);
  columns.firstSite[from] = none;
  for (const site of sites.toReversed()) {
    const open = isOpen(state.structures, site);
    columns.nextSite[site] = none;
    linkSite(state, site, open ? into : from);
    if (open) touch(state, 'Organization', site);
  }
  close(today, 'Organization', from);
}

/** A pharmacy is taken over: the new one has its FINESS while the old one is still there (P-3). */
export function takeOver(today: Today, pharmacy: number): void {
  const { state, dice } = today;
  const { parent } = state.structures.columns;
  const taken = addSite(state, parent[pharmacy]!, pharmacyCategory);
  state.structuresSaid.set(taken, { ...state.structuresSaid.get(taken), finessOf: pharmacy });
  const finess = finessOf(state, pharmacy);
  if (finess) {
    remember(state, 'Organization', `${codes.systems.finess}|${finess}`, taken);
    remember(state, 'Organization', `${codes.systems.rppsRang}|F${finess}`, taken);
  }
  state.handovers.push({ old: pharmacy, ends: state.day + 7 + dice.below(30) });
}

/** Handovers that end today: the old pharmacy closes. */
export function endHandovers(today: Today): void {
  const { state } = today;
  const due = state.handovers.filter(({ ends }) => ends <= state.day);
  state.handovers = state.handovers.filter(({ ends }) => ends > state.day);
  for (const { old } of due) closeStructure(today, old, true);
}

export function changeName(today: Today, person: number): void {
  const { epoch } = today.state.people.columns;
  epoch[person] = (epoch[person]! + 1) % 128;
  touch(today.state, 'Practitioner', person);
}

export function changeMailbox(today: Today, person: number): void {
  const { mailbox } = today.state.people.columns;
  mailbox[person] = (mailbox[person]! + 1) % 128;
  touch(today.state, 'Practitioner', person);
}

export function changeRole(today: Today, role: number): void {
  const { epoch } = today.state.roles.columns;
  epoch[role] = (epoch[role]! + 1) % 240;
  touch(today.state, 'PractitionerRole', role);
}

/** The operator loads everything anew: stubs of earlier days are forgotten. */
export function reload(today: Today): void {
  const { state } = today;
  for (const table of [state.people, state.roles, state.structures, state.services, state.devices]) {
    const { closed, gone } = table.columns;
    for (let index = 0; index < table.size; index += 1) {
      if (closed[index]! < state.day && gone[index]! > state.day) gone[index] = state.day;
    }
  }
  state.changes += 1;
}
