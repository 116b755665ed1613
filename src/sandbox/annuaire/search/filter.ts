/** A search turned into what the population can look for: indexes where it has them, a test of the resource otherwise. */
import { codes } from '../population/tables.ts';
import type { EntryFilter, Population, ServedType } from '../population/types.ts';
import type { Condition, SearchAsk } from './ask.ts';
import { plainOf, stringTest, type StringModifier } from './match-string.ts';
import { tokenTest } from './match-token.ts';
import type { Opened } from './opened.ts';
import { extensionTokens } from './extensions.ts';
import { stringsAt, tokensAt } from './values.ts';

/** `indexed`: nothing has to be opened to know whether a record is meant, so that counting is cheap. */
export type SearchFilter = { filter: EntryFilter; indexed: boolean };

/** Records of a chained search's target looked at in one go. */
const chunk = 1000;

export function filterOf(
  population: Population,
  opened: Opened,
  ask: Pick<SearchAsk, 'type' | 'conditions' | 'updated' | 'active'>,
): SearchFilter {
  let among: number[] | undefined;
  const tests: ((index: number) => boolean)[] = [];
  for (const condition of ask.conditions) {
    const found = indexesOf(population, opened, ask.type, condition);
    if (found) among = among ? intersection(among, found) : sorted(found);
    else tests.push(testOf(ask.type, condition, opened));
  }
  const filter: EntryFilter = {
    ...ask.updated,
    ...(ask.active === undefined ? {} : { active: ask.active }),
    ...(among ? { among } : {}),
    ...(tests.length ? { test: (index: number) => tests.every((test) => test(index)) } : {}),
  };
  return { filter, indexed: tests.length === 0 };
}

/** Indexes by id, identifier or reference; undefined when the condition needs the resource. */
function indexesOf(
  population: Population,
  opened: Opened,
  type: ServedType,
  condition: Condition,
): number[] | undefined {
  const { parameter, name, values, chain } = condition;
  if (parameter.kind === 'id') {
    return values.flatMap((value) => population.indexOf(type, value) ?? []);
  }
  if (parameter.kind === 'reference') {
    const targets = chain
      ? matching(population, opened, parameter.target, chain)
      : values.flatMap((value) => population.indexOf(parameter.target, idOf(value, parameter.target)) ?? []);
    return targets.flatMap((index) => population.linked(type, parameter.field, index));
  }
  if (name === 'identifier' && values.every((value) => !value.endsWith('|'))) {
    return values.flatMap((value) => keysOf(value).flatMap((key) => population.find(type, key)));
  }
  return undefined;
}

/** Every `system|value` that a token may mean; systems of the directory are few and known. */
function keysOf(value: string): string[] {
  return value.includes('|') ? [value] : identifierSystems.map((system) => `${system}|${value}`);
}

const { rpps, idNatPs, idNatSt, finess, sirene, rppsRang, arhgos } = codes.systems;
const identifierSystems = [rpps, idNatPs, idNatSt, finess, sirene, rppsRang, arhgos];

/** Indexes of all served records that fulfil one condition. */
function matching(population: Population, opened: Opened, type: ServedType, condition: Condition): number[] {
  const { filter } = filterOf(population, opened, { type, conditions: [condition] });
  const found: number[] = [];
  for (let after = -1; ;) {
    const entries = population.entries(type, filter, after, chunk);
    found.push(...entries.map(({ index }) => index));
    if (entries.length < chunk) return found;
    after = entries.at(-1)!.index;
  }
}

function testOf(
  type: ServedType,
  { parameter, name, values, modifier }: Condition,
  opened: Opened,
): (index: number) => boolean {
  switch (parameter.kind) {
    case 'string': {
      const tests = values.map((value) => stringTest(value, modifier));
      const words = opened.reader(type, wordsName(name, modifier), (resource) =>
        parameter.places.flatMap((place) => stringsAt(resource, place)).map(readyFor(modifier)),
      );
      return (index) => words(index).some((word) => tests.some((test) => test(word)));
    }
    case 'token': {
      const tests = values.map(tokenTest);
      const tokens = opened.reader(type, name, (resource) =>
        parameter.places.flatMap((place) => tokensAt(resource, place)),
      );
      return (index) => tokens(index).some((token) => tests.some((test) => test(token)));
    }
    case 'extension-string': {
      const tests = values.map((value) => stringTest(value, modifier));
      const words = opened.reader(type, wordsName(name, modifier), (resource) =>
        extensionTokens(resource, parameter.ends).map(({ code }) => readyFor(modifier)(code)),
      );
      return (index) => words(index).some((word) => tests.some((test) => test(word)));
    }
    case 'extension-token': {
      const tests = values.map(tokenTest);
      const tokens = opened.reader(type, name, (resource) => extensionTokens(resource, parameter.ends));
      return (index) => tokens(index).some((token) => tests.some((test) => test(token)));
    }
    case 'active': {
      const states = opened.reader(type, name, (resource) => [String(resource['active'])]);
      return (index) => states(index).some((active) => values.includes(active));
    }
    default:
      throw new RangeError(`${parameter.kind} has an index`);
  }
}

/** Words are made plain once a day, not once a search. */
function readyFor(modifier: StringModifier): (word: string) => string {
  return modifier === 'exact' ? (word) => word : plainOf;
}

function wordsName(name: string, modifier: StringModifier): string {
  return modifier === 'exact' ? `${name} exact` : name;
}

/** `Organization/x`, an address that ends so, or the bare id. */
function idOf(value: string, target: ServedType): string {
  const at = value.lastIndexOf(`${target}/`);
  return at < 0 ? value : value.slice(at + target.length + 1);
}

function sorted(indexes: readonly number[]): number[] {
  return [...new Set(indexes)].sort((a, b) => a - b);
}

function intersection(a: readonly number[], b: readonly number[]): number[] {
  const other = new Set(b);
  return a.filter((index) => other.has(index));
}
