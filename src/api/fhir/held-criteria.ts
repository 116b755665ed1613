/** A search as criteria over the columns of the held directory: they narrow it down, search-match.ts decides. */
import type { BusinessKey } from '../../fhir/key.ts';
import { heldSystems, shortKey } from '../../directory/keys.ts';
import type { HeldCriterion } from '../../store/directory-served-criteria.ts';
import type { TypeRow } from '../table.ts';
import type { AskedParameter, SearchQuery } from './search-query.ts';
import { onlyPublished } from './search-path.ts';
import { readToken, unescape } from './search-values.ts';

/** Columns that hold the target of a reference, by type and parameter; other references are not held at all. */
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

/** How many records the columns can count: the matches, at most the matches, or nothing of use. */
export function countedBy({ asked }: SearchQuery): 'exactly' | 'at most' | 'not' {
  const forms = new Set(asked.map(({ parameter }) => parameter.form));
  if (![...forms].every((form) => countable.has(form))) return 'not';
  // a status has more words than the held state: an Endpoint under test is held like one in use
  return forms.has('code') ? 'at most' : 'exactly';
}

function criterionOf(kind: string, { parameter, values, keys }: AskedParameter): HeldCriterion[] {
  if (onlyPublished(parameter.path)) return [{ by: 'nothing' }];
  switch (parameter.form) {
    case 'identifier':
      return [identifierCriterion(kind, values)];
    case 'boolean':
      return oneState(values.map((value) => value === 'false'));
    case 'code':
      return oneState(values.map((value) => value === 'inactive' || value === 'off'));
    case 'concept':
      return [{ by: 'code', codes: values.map(codeOf) }];
    case 'text':
      return [{ by: 'name', values }];
    case 'reference': {
      const column = links[`${kind}.${parameter.name}`];
      return [
        column ? { by: 'link', column, keys: keys.map(({ key }) => shortKey(key)) } : { by: 'nothing' },
      ];
    }
    default:
      return [];
  }
}

function oneState(ended: readonly boolean[]): HeldCriterion[] {
  return new Set(ended).size === 1 ? [{ by: 'state', ended: ended[0]! }] : [];
}

/** A value without system is looked for under every system that the directory holds by the million. */
function identifierCriterion(kind: string, tokens: readonly string[]): HeldCriterion {
  const read = tokens.map(readToken);
  const wholeSystems = read.filter(({ value }) => value === undefined);
  if (wholeSystems.length)
    return {
      by: 'identifier-system',
      prefixes: read.flatMap(({ system, value }) => keysOf(system, value ?? '')),
    };
  return { by: 'identifier', kind, keys: read.flatMap(({ system, value }) => keysOf(system, value!)) };
}

function keysOf(system: string | undefined, value: string): BusinessKey[] {
  return (system === undefined ? heldSystems : [system]).map((one) => shortKey(`${one}|${value}`));
}

function codeOf(token: string): string {
  const { system, value } = readToken(token);
  return value === undefined ? unescape(token) : `${system ?? ''}|${value}`;
}
