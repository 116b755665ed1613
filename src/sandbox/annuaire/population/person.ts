/** What a person of the emulated directory is: drawn from the index, or said by a pin. */
import { draw, fraction } from './chance.ts';
import type { PersonFacts } from './facts.ts';
import { rppsOf } from './identify.ts';
import { standing } from './standing.ts';
import type { State } from './state.ts';
import { stream } from './streams.ts';
import { codes, drawKnowHow, knowHowOf, knowHowShare, names } from './tables.ts';

export function personFacts(state: State, person: number): PersonFacts {
  const { seed } = state;
  const { columns } = state.people;
  const said = state.peopleSaid.get(person);
  const profession = codes.professions[columns.profession[person]!]!;
  const woman = fraction(seed, stream.woman, person) < 0.62;
  const given = said?.given ?? pick(woman ? names.women : names.men, draw(seed, stream.given, person));
  const family = said?.family ?? familyOf(state, person, columns.epoch[person]!);
  const rpps = rppsOf(state, person);
  const knowHow = knowHowFor(state, person, profession.code);
  const degree = profession.degree as keyof typeof codes.degrees | undefined;
  const now = mailboxOf(state, person, given, family, columns.mailbox[person]!);
  const other = fraction(seed, stream.otherMailbox, person) < state.born.otherMailbox;
  const inFile = other ? mailboxOf(state, person, given, family, columns.mailbox[person]! + 128) : now;
  return {
    ...standing(state, 'Practitioner', state.people, person),
    rpps,
    idNatPs: `8${rpps}`,
    civility: codes.civilities[woman ? 1 : 0]!,
    ...(profession.titled && { title: codes.title }),
    family,
    given,
    profession: { code: profession.code, label: profession.label },
    category: codes.professionCategory,
    ...(knowHow && { knowHow: { ...knowHow, type: codes.knowHowType } }),
    ...(degree && { degree: { code: degree, label: codes.degrees[degree], type: codes.degreeType } }),
    authority: profession.authority,
    ...(now && { mailbox: now }),
    ...(inFile && { fileMailbox: inFile }),
  };
}

function pick(list: readonly string[], number: number): string {
  return list[number % list.length]!;
}

/** Two in ten names are double; a change of name adds one. */
export function familyOf(state: State, person: number, epoch: number): string {
  const first = draw(state.seed, stream.family, person);
  const own = pick(names.families, first);
  if (epoch === 0 && first % 5 !== 0) return own;
  const second = pick(names.families, draw(state.seed, stream.family, person, epoch + 1));
  return second === own ? own : `${own} ${second}`;
}

function knowHowFor(state: State, person: number, profession: string) {
  const said = state.peopleSaid.get(person);
  if (said?.knowHow) return knowHowOf(said.knowHow) ?? { code: said.knowHow, label: said.knowHow };
  if (fraction(state.seed, stream.knowHowShare, person) >= knowHowShare(profession)) return undefined;
  return drawKnowHow(profession, fraction(state.seed, stream.knowHow, person));
}

/** Half of the people have a mailbox; every epoch has another address, or none. */
function mailboxOf(
  state: State,
  person: number,
  given: string,
  family: string,
  epoch: number,
): string | undefined {
  const said = state.peopleSaid.get(person)?.mailbox;
  if (said) return said;
  if (fraction(state.seed, stream.mailboxShare, person, epoch) >= 0.55) return undefined;
  const domain = pick(names.mailboxDomains, draw(state.seed, stream.mailboxDomain, person, epoch));
  const number = draw(state.seed, stream.mailboxDomain, person, epoch + 256) % 1000;
  return `${plain(given)}.${plain(family)}.${number}@${domain}.${names.mailboxRoot}`;
}

/** Letters without accents, for addresses. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}
