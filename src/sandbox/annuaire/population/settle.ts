/** The population of the first day: pins first, then people, structures and the roles between them. */
import { createDice, draw, fraction } from './chance.ts';
import { addLegal, addPerson, addPractice, addRole, addSite } from './make.ts';
import { pin } from './pin.ts';
import type { State } from './state.ts';
import { stream } from './streams.ts';
import { codes } from './tables.ts';
import type { PopulationOptions } from './types.ts';
import { drawWorkplace } from './workplace.ts';

/** Of 25 structures one is a legal entity, four are sites, twenty are practices. */
const block = 25;
const sitesOfBlock = 4;

export function settle(state: State, { roles, pinned }: PopulationOptions): void {
  const people = Math.max(1, Math.round(roles * 0.7));
  const structures = Math.max(5, Math.round(roles * 0.5));
  pin(state, pinned ?? {});
  const firstPerson = state.people.size;
  state.firstOwner = firstPerson;
  for (let made = 0; made < people; made += 1) addPerson(state);
  let legal = 0;
  for (let made = 0; made < structures; made += 1) {
    const position = made % block;
    if (position === 0) legal = addLegal(state);
    else if (position <= sitesOfBlock) addSite(state, legal);
    else addPractice(state, firstPerson + (state.practices.length % people));
  }
  const dice = createDice(draw(state.seed, stream.rolePerson, 0));
  for (let made = 0; made < roles; made += 1) addFirstRole(state, firstPerson, people, made, dice);
}

/** Everybody has one role; three in ten are second ones. Practices are the owner's own place. */
function addFirstRole(
  state: State,
  firstPerson: number,
  people: number,
  made: number,
  dice: ReturnType<typeof createDice>,
): void {
  const person = firstPerson + (made < people ? made : dice.below(people));
  if (fraction(state.seed, stream.noStructure, made) < 0.03) {
    addRole(state, person, undefined);
    return;
  }
  const profession = state.people.columns.profession[person]!;
  const own = made < people && made < state.practices.length ? state.practices[made] : undefined;
  const pharmacist = codes.professions[profession]!.code === codes.pharmacist;
  const workplace = own !== undefined && !pharmacist ? own : drawWorkplace(state, dice, profession);
  addRole(state, person, workplace);
}
