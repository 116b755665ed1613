/** Closing: a stub for some weeks, or nothing at all; what hangs on a structure or person goes with it. */
import type { Dice } from './chance.ts';
import { isOpen } from './make.ts';
import { type State, stubDays, tableOf } from './state.ts';
import { never, none } from './table.ts';
import type { DayTold, ServedType } from './types.ts';

export type Today = { state: State; dice: Dice; told: DayTold };

/**
 * Closes a record. Without a stub it is no longer shown from today on and its last content stands; a record that
 * changed or appeared this very day gets its stub all the same, so that what was shown last stays known.
 */
export function close(today: Today, type: ServedType, index: number, stub?: boolean): void {
  const { state, dice, told } = today;
  const { columns } = tableOf(state, type);
  if (columns.closed[index] !== never) return;
  const withStub = stub ?? dice.fraction() >= state.quirks.vanish;
  columns.closed[index] = state.day;
  state.changes += 1;
  if (!withStub && columns.changed[index]! < state.day) {
    columns.gone[index] = state.day;
    told.vanished += 1;
    return;
  }
  const lingers = type === 'Practitioner' && dice.fraction() < state.quirks.lingering;
  columns.gone[index] = lingers ? never - 1 : state.day + stubDays + dice.below(4);
  touch(state, type, index);
}

/** A new version of a record, written today. */
export function touch(state: State, type: ServedType, index: number): void {
  const { columns } = tableOf(state, type);
  columns.changed[index] = state.day;
  columns.version[index] = Math.min(columns.version[index]! + 1, 0xffff);
  state.changes += 1;
}

/** Retirement: the person and most roles; some roles stay active for years (#400). */
export function retire(today: Today, person: number): void {
  const { state, dice } = today;
  close(today, 'Practitioner', person);
  for (const role of rolesOf(state, person)) {
    if (dice.fraction() >= state.quirks.staleRole) close(today, 'PractitionerRole', role);
  }
}

/** A structure with its roles, activities and devices; some roles are forgotten and stay active. */
export function closeStructure(today: Today, structure: number, stub?: boolean): number[] {
  const { state, dice } = today;
  close(today, 'Organization', structure, stub);
  const left: number[] = [];
  for (const role of rolesAt(state, structure)) {
    if (!isOpen(state.roles, role) || dice.fraction() < state.quirks.staleRole) continue;
    close(today, 'PractitionerRole', role);
    left.push(state.roles.columns.person[role]!);
  }
  const { firstService, firstDevice } = state.structures.columns;
  for (const service of chain(firstService[structure]!, state.services.columns.next)) {
    close(today, 'HealthcareService', service);
  }
  for (const device of chain(firstDevice[structure]!, state.devices.columns.next))
    close(today, 'Device', device);
  return left;
}

/** The indexes of a list, newest first. */
export function chain(first: number, next: Uint32Array): number[] {
  const indexes: number[] = [];
  for (let index = first; index !== none; index = next[index]!) indexes.push(index);
  return indexes;
}

export function rolesOf(state: State, person: number): number[] {
  return chain(state.people.columns.firstRole[person]!, state.roles.columns.nextOfPerson);
}

export function rolesAt(state: State, structure: number): number[] {
  return chain(state.structures.columns.firstRole[structure]!, state.roles.columns.nextOfStructure);
}

export function sitesOf(state: State, legal: number): number[] {
  return chain(state.structures.columns.firstSite[legal]!, state.structures.columns.nextSite);
}
