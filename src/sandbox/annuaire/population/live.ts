/** One day of life: what the rates say, in a fixed order, with the dice of that day. */
import { createDice, draw } from './chance.ts';
import { retire, type Today } from './close.ts';
import { force } from './force.ts';
import {
  arrive,
  changeMailbox,
  changeName,
  changeRole,
  endHandovers,
  merge,
  moveRole,
  openStructure,
  recreateRole,
  relocate,
  reload,
  renameStructure,
  shut,
  takeOver,
} from './happen.ts';
import { addRole, isOpen } from './make.ts';
import { level, type State } from './state.ts';
import { stream } from './streams.ts';
import { flag, type Table } from './table.ts';
import type { DayTold, ForcedEvent } from './types.ts';
import { drawWorkplace, pharmacyCategory } from './workplace.ts';

const tries = 40;

/** The next day. Forced events come after those of life; platform and reload last, so that they meet a finished day. */
export function live(state: State, forced: readonly ForcedEvent[] = []): DayTold {
  state.day += 1;
  state.changes += 1;
  const dice = createDice(draw(state.seed, stream.day, state.day));
  const today: Today = { state, dice, told: nothing() };
  const { told } = today;
  told.shown = countShown(state);
  endHandovers(today);
  const { rates, quirks, people, roles, structures } = state;
  const times = (chance: number, of: number, act: () => boolean): number => {
    let done = 0;
    for (let left = dice.times(chance * of); left > 0; left -= 1) if (act()) done += 1;
    return done;
  };
  const one =
    (table: Table, act: (index: number) => void, fits = (_: number) => true) =>
    (): boolean => {
      const index = pick(today, table, fits);
      if (index !== undefined) act(index);
      return index !== undefined;
    };
  const { columns } = structures;
  const isLegal = (index: number): boolean => columns.level[index] === level.legal;
  const notLegal = (index: number): boolean => !isLegal(index);
  const hasPerson = (role: number): boolean => isOpen(people, roles.columns.person[role]!);
  const isPharmacy = (index: number): boolean =>
    columns.level[index] === level.site && columns.category[index] === pharmacyCategory;

  told.newPerson = times(rates.newPerson, people.size, () => (arrive(today), true));
  told.retirement = times(
    rates.retirement,
    people.size,
    one(people, (index) => retire(today, index)),
  );
  told.move = times(
    rates.move,
    roles.size,
    one(roles, (index) => moveRole(today, index), hasPerson),
  );
  told.recreated = times(
    quirks.recreate,
    roles.size,
    one(roles, (index) => recreateRole(today, index), hasPerson),
  );
  told.secondRole = times(
    rates.secondRole,
    people.size,
    one(people, (index) => {
      addRole(state, index, drawWorkplace(state, dice, people.columns.profession[index]!));
    }),
  );
  told.roleChange = times(
    rates.roleChange,
    roles.size,
    one(roles, (index) => changeRole(today, index)),
  );
  told.nameChange = times(
    rates.nameChange,
    people.size,
    one(people, (index) => changeName(today, index)),
  );
  told.mailboxChange = times(
    rates.mailboxChange,
    people.size,
    one(people, (index) => changeMailbox(today, index)),
  );
  told.opening = times(rates.opening, structures.size, () => open(today));
  told.closing = times(
    rates.closing,
    structures.size,
    one(structures, (index) => shut(today, index), notLegal),
  );
  told.renaming = times(
    rates.renaming,
    structures.size,
    one(structures, (index) => renameStructure(today, index)),
  );
  told.relocation = times(
    rates.relocation,
    structures.size,
    one(structures, (index) => relocate(today, index)),
  );
  told.merger = times(rates.merger, state.withFiness.length / 5, () => mergeTwo(today, isLegal));
  told.handover = times(
    quirks.sameFiness,
    structures.size,
    one(structures, (index) => takeOver(today, index), isPharmacy),
  );
  for (const event of forced) force(today, event);
  told.reload += times(quirks.reload, 1, () => (reload(today), true));
  if (dice.fraction() < quirks.platform) told.platform += 1;
  if (told.platform > 0) state.platformDays.push(state.day);
  return told;
}

/** An open record, not pinned and not changed today; undefined when few draws find none. */
function pick(today: Today, table: Table, fits: (index: number) => boolean): number | undefined {
  const { state, dice } = today;
  const { shown, changed, flags } = table.columns;
  for (let attempt = 0; attempt < tries && table.size > 0; attempt += 1) {
    const index = dice.below(table.size);
    const usable = shown[index]! < state.day && changed[index]! < state.day && !(flags[index]! & flag.pinned);
    if (usable && isOpen(table, index) && fits(index)) return index;
  }
  return undefined;
}

/** One opening in five is a site. */
function open(today: Today): boolean {
  const { state, dice } = today;
  if (dice.fraction() < 0.2) {
    const { level: levels } = state.structures.columns;
    const legal = pick(today, state.structures, (index) => levels[index] === level.legal);
    if (legal === undefined) return false;
    openStructure(today, legal, 'site');
    return true;
  }
  const owner = pick(today, state.people, (index) => !state.laterOwners.has(index));
  if (owner === undefined) return false;
  state.laterOwners.add(owner);
  openStructure(today, owner, 'practice');
  return true;
}

function mergeTwo(today: Today, isLegal: (index: number) => boolean): boolean {
  const from = pick(today, today.state.structures, isLegal);
  const into = pick(today, today.state.structures, isLegal);
  if (from === undefined || into === undefined || from === into) return false;
  merge(today, from, into);
  return true;
}

/** Structures that appear today after roles have long referred to them (P-4). */
function countShown(state: State): number {
  const { shown, flags } = state.structures.columns;
  let count = 0;
  for (let index = 0; index < state.structures.size; index += 1) {
    if (shown[index] === state.day && flags[index]! & flag.hidden) count += 1;
  }
  return count;
}

function nothing(): DayTold {
  return {
    newPerson: 0,
    retirement: 0,
    move: 0,
    secondRole: 0,
    roleChange: 0,
    nameChange: 0,
    mailboxChange: 0,
    opening: 0,
    closing: 0,
    renaming: 0,
    relocation: 0,
    merger: 0,
    recreated: 0,
    handover: 0,
    shown: 0,
    vanished: 0,
    reload: 0,
    platform: 0,
    forced: 0,
    unknown: 0,
  };
}
