/** A search turned into what the population can look for: indexes where it has them, a test of the resource otherwise. */
import type { AnyResource } from '../../../fhir/types.ts';
import { codes } from '../population/tables.ts';
import type { Entry, EntryFilter, Population, ServedType } from '../population/types.ts';
import type { Condition, SearchAsk } from './ask.ts';
import { stringTest } from './match-string.ts';
import { tokenTest } from './match-token.ts';
import { extensionTokens } from './extensions.ts';
import { stringsAt, tokensAt } from './values.ts';

/** `indexed`: nothing has to be opened to know whether a record is meant, so that counting is cheap. */
export type SearchFilter = { filter: EntryFilter; indexed: boolean };

/** Records of a chained search's target looked at in one go. */
const chunk = 1000;

export function filterOf(
  population: Population,
  ask: Pick<SearchAsk, 'type' | 'conditions' | 'updated' | 'active'>,
): SearchFilter {
  let among: number[] | undefined;
  const tests: ((resource: AnyResource) => boolean)[] = [];
  for (const condition of ask.conditions) {
    const found = indexesOf(population, ask.type, condition);
    if (found) among = among ? intersection(among, found) : sorted(found);
    else tests.push(testOf(condition));
  }
  const filter: EntryFilter = {
    ...ask.updated,
    ...(ask.active === undefined ? {} : { active: ask.active }),
    ...(among ? { among } : {}),
    ...(tests.length ? { test: (entry: Entry) => passes(entry, tests) } : {}),
  };
  return { filter, indexed: tests.length === 0 };
}

function passes(entry: Entry, tests: readonly ((resource: AnyResource) => boolean)[]): boolean {
  const resource = entry.resource();
  return tests.every((test) => test(resource));
}

/** Indexes by id, identifier or reference; undefined when the condition needs the resource. */
function indexesOf(population: Population, type: ServedType, condition: Condition): number[] | undefined {
  const { parameter, name, values, chain } = condition;
  if (parameter.kind === 'id') {
    return values.flatMap((value) => population.indexOf(type, value) ?? []);
  }
  if (parameter.kind === 'reference') {
    const targets = chain
      ? matching(population, parameter.target, chain)
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
function matching(population: Population, type: ServedType, condition: Condition): number[] {
  const { filter } = filterOf(population, { type, conditions: [condition] });
  const found: number[] = [];
  for (let after = -1; ;) {
    const entries = population.entries(type, filter, after, chunk);
    found.push(...entries.map(({ index }) => index));
    if (entries.length < chunk) return found;
    after = entries.at(-1)!.index;
  }
}

function testOf({ parameter, values, modifier }: Condition): (resource: AnyResource) => boolean {
  switch (parameter.kind) {
    case 'string': {
      const tests = values.map((value) => stringTest(value, modifier));
      return (resource) =>
        parameter.places.some((place) =>
          stringsAt(resource, place).some((word) => tests.some((test) => test(word))),
        );
    }
    case 'token': {
      const tests = values.map(tokenTest);
      return (resource) =>
        parameter.places.some((place) =>
          tokensAt(resource, place).some((token) => tests.some((test) => test(token))),
        );
    }
    case 'extension-string': {
      const tests = values.map((value) => stringTest(value, modifier));
      return (resource) =>
        extensionTokens(resource, parameter.ends).some(({ code }) => tests.some((test) => test(code)));
    }
    case 'extension-token': {
      const tests = values.map(tokenTest);
      return (resource) =>
        extensionTokens(resource, parameter.ends).some((token) => tests.some((test) => test(token)));
    }
    case 'active':
      return (resource) => values.includes(String(resource['active']));
    default:
      throw new RangeError(`${parameter.kind} has an index`);
  }
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
