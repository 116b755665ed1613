/** A search as criteria over the columns of the held directory: they narrow it down, search-match.ts decides. */
import { folded } from '../../fhir/folded.ts';
import { type BusinessKey, splitKey } from '../../fhir/key.ts';
import { heldSystems, shortKey } from '../../directory/keys.ts';
import { writtenCodes } from '../../directory/mapped-resource.ts';
import type { AskedCode, AskedText, HeldCriterion } from '../../store/directory-served-criteria.ts';
import type { SearchParameter, TypeRow } from '../table.ts';
import type { AskedParameter, SearchQuery } from './search-query.ts';
import { type PathStep, stepsOf } from './search-path.ts';
import { readToken } from './search-values.ts';

/** Columns that hold the target of a reference, by type and parameter; other references stand in the content. */
const links: Readonly<Record<string, 'practitioner' | 'organization' | 'part_of'>> = {
  'PractitionerRole.practitioner': 'practitioner',
  'PractitionerRole.organization': 'organization',
  'HealthcareService.organization': 'organization',
  'Location.organization': 'organization',
  'Location.partof': 'part_of',
  'Endpoint.organization': 'organization',
  'Organization.partof': 'part_of',
  'OrganizationAffiliation.primary-organization': 'organization',
  'OrganizationAffiliation.participating-organization': 'part_of',
};

const countable = new Set(['identifier', 'boolean', 'reference', 'code']);

/** Every criterion that a matching record meets. */
export function heldCriteriaOf({ type }: TypeRow, { asked, ids, updated }: SearchQuery): HeldCriterion[] {
  return [
    ...ids.map((values) => ({ by: 'id' as const, ids: values })),
    ...updated.map(({ kind: _kind, ...range }) => ({ by: 'updated' as const, ...range })),
    ...asked.flatMap((one) => criterionOf(type, one)),
  ];
}

/** How many records the criteria can count: the matches, at most the matches, or nothing of use. */
export function countedBy({ type }: TypeRow, { asked }: SearchQuery): 'exactly' | 'at most' | 'not' {
  const parameters = asked.map(({ parameter }) => parameter);
  if (!parameters.every(({ form }) => countable.has(form))) return 'not';
  // a status has more words than the held state (an Endpoint under test is held like one in use), content more references
  const certain = (one: SearchParameter): boolean =>
    one.form === 'reference' ? linkOf(type, one) !== undefined : one.form !== 'code';
  return parameters.every(certain) ? 'exactly' : 'at most';
}

function criterionOf(kind: string, one: AskedParameter): HeldCriterion[] {
  const { parameter, values } = one;
  const [first] = stepsOf(parameter.path) as [PathStep, ...PathStep[]];
  if (first.url !== undefined) return [{ by: 'extension', url: first.url }];
  if (first.name === 'meta') return [{ by: 'nothing' }]; // tags are ours: a source's are not kept
  switch (parameter.form) {
    case 'identifier':
      return [identifierCriterion(kind, one)];
    case 'boolean':
      return oneState(values.map((value) => value === 'false'));
    case 'code':
      return oneState(values.map((value) => value === 'inactive' || value === 'off'));
    case 'concept':
      return [{ by: 'code', codes: values.map(codeOf) }];
    case 'text':
      return [{ by: 'text', elements: elementsOf(parameter), texts: values.map(textOf) }];
    case 'reference':
      return [referenceCriterion(kind, one)];
    default:
      return [];
  }
}

function referenceCriterion(kind: string, { parameter, keys }: AskedParameter): HeldCriterion {
  const column = linkOf(kind, parameter);
  const short = keys.map(({ key }) => shortKey(key));
  if (column) return { by: 'link', column, keys: short };
  const kinds = [...new Set(keys.map(({ type }) => type))];
  return { by: 'reference', kinds, keys: short, values: keys.map(({ key }) => splitKey(key).value) };
}

function linkOf(kind: string, { name }: SearchParameter) {
  return links[`${kind}.${name}`];
}

/** First elements of the alternatives of a path, each once. */
function elementsOf({ path }: SearchParameter): string[] {
  return [...new Set(path.split('|').map((alternative) => stepsOf(alternative)[0]!.name))];
}

function textOf(value: string): AskedText {
  const text = folded(value);
  return { runs: text.match(/[a-z0-9]+/g) ?? [], beyond: /[^\u0000-\u007f]/u.test(text) };
}

function oneState(ended: readonly boolean[]): HeldCriterion[] {
  return new Set(ended).size === 1 ? [{ by: 'state', ended: ended[0]! }] : [];
}

/** A value without system is looked for under every system that the directory holds. */
function identifierCriterion(kind: string, { values, systems }: AskedParameter): HeldCriterion {
  const read = values.map(readToken);
  const keysOf = (system: string | undefined, value: string): BusinessKey[] =>
    (system === undefined ? [...heldSystems, ...systems] : [system]).map((name) =>
      shortKey(`${name}|${value}`),
    );
  const wholeSystems = read.filter(({ value }) => value === undefined);
  if (wholeSystems.length)
    return {
      by: 'identifier-system',
      prefixes: read.flatMap(({ system, value }) => keysOf(system, value ?? '')),
    };
  return { by: 'identifier', kind, keys: read.flatMap(({ system, value }) => keysOf(system, value!)) };
}

function codeOf(token: string): AskedCode {
  const { system, value } = readToken(token);
  return {
    ...(system === undefined ? {} : { system }),
    ...(value === undefined ? {} : { code: value }),
    written: value !== undefined && writtenCodes().has(value),
  };
}
