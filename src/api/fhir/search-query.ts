/** From query parameters to criteria: what the table knows is used, the rest refused or ignored (CORE-11). */
import { referenceTo } from '../../fhir/references.ts';
import type { Json } from '../../fhir/types.ts';
import type { ServedCriterion } from '../../store/served-criteria.ts';
import { malformed, refusal } from '../body/refusals.ts';
import type { SearchParameter, TypeRow } from '../table.ts';
import {
  localReferenceOf,
  splitAlternatives,
  tokenPattern,
  unescape,
  updatedCriterion,
} from './search-values.ts';

/** A search understood: criteria, and the pairs that made them, for the self link. */
export type SearchQuery = {
  criteria: ServedCriterion[];
  used: [name: string, value: string][];
  count: number;
};

/** What compiling needs besides the parameters. */
export type SearchScope = {
  row: TypeRow;
  fhirBase: string;
  strict: boolean;
  /** Business key of a published resource by type and id. */
  keyOf: (type: string, id: string) => Promise<string | undefined>;
};

/** Parameters about the form of the answer, which is always the same here. */
const formal: ReadonlySet<string> = new Set(['_format', '_pretty', '_cursor']);

/** Largest and usual page. */
export const maxCount = 200;
const usualCount = 50;
const maxAlternatives = 200;

/**
 * Compiles a search. Throws `invalid` (400) for a value that cannot be read, for a modifier or a chain (ignoring one
 * would widen the search), and under `Prefer: handling=strict` for a parameter that the type does not have.
 */
export async function compileSearch(query: URLSearchParams, scope: SearchScope): Promise<SearchQuery> {
  const compiled: SearchQuery = { criteria: [], used: [], count: usualCount };
  let alternatives = 0;
  for (const [name, value] of query) {
    if (formal.has(name) || value === '') continue;
    if (/[.:]/.test(name))
      throw malformed('Modificateurs et chaînes de recherche ne sont pas pris en charge.');
    if (name === '_count') compiled.count = readCount(value);
    else {
      const parts = splitAlternatives(value);
      alternatives += parts.length;
      if (alternatives > maxAlternatives)
        throw refusal(
          'too-large',
          'too-costly',
          `Recherche trop large : au plus ${maxAlternatives} valeurs.`,
        );
      const criterion = await criterionOf(name, parts, scope);
      if (!criterion) {
        if (scope.strict)
          throw malformed(`Paramètre inconnu. ${scope.row.type} connaît : ${namesOf(scope.row)}.`);
        continue;
      }
      compiled.criteria.push(criterion);
    }
    compiled.used.push([name, value]);
  }
  return compiled;
}

/** `_count` as a number of resources, at most `maxCount`. Throws `invalid` (400). */
export function readCount(value: string | null): number {
  if (value === null) return usualCount;
  if (!/^\d{1,9}$/.test(value)) throw malformed(`_count illisible : un nombre, au plus ${maxCount}.`);
  return Math.min(Number(value), maxCount);
}

async function criterionOf(
  name: string,
  values: string[],
  scope: SearchScope,
): Promise<ServedCriterion | undefined> {
  if (name === '_id') return { kind: 'id', values: values.map(unescape) };
  if (name === '_lastUpdated') {
    if (values.length !== 1)
      throw malformed('_lastUpdated prend une valeur ; répétez-le pour un intervalle.');
    return updatedCriterion(values[0]!);
  }
  const parameter = scope.row.search.find((candidate) => candidate.name === name);
  if (!parameter) return undefined;
  const [element, ...inner] = parameter.path.split('.') as [string, ...string[]];
  const plain = element.replace('[]', '');
  if (parameter.form === 'text') return { kind: 'starts', element: plain, values: values.map(unescape) };
  const leaves = await Promise.all(values.map((value) => leafOf(parameter, value, scope)));
  const patterns = leaves
    .filter((leaf) => leaf !== undefined)
    .map((leaf) => {
      const nested = inner.reduceRight<Json>(
        (pattern, step) => ({ [step.replace('[]', '')]: step.endsWith('[]') ? [pattern] : pattern }),
        leaf,
      );
      return element.endsWith('[]') ? [nested] : nested;
    });
  return { kind: 'contains', element: plain, patterns };
}

/** The JSON that a matching element contains; undefined for a reference to nothing that is known here. */
async function leafOf(
  parameter: SearchParameter,
  value: string,
  scope: SearchScope,
): Promise<Json | undefined> {
  switch (parameter.form) {
    case 'identifier':
      return tokenPattern(value, 'value');
    case 'coding':
      return tokenPattern(value, 'code');
    case 'concept':
      return { coding: [tokenPattern(value, 'code')] };
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw malformed('Valeur attendue : true ou false.');
      return value === 'true';
    case 'reference':
      return referencePattern(parameter, value, scope);
    default:
      return unescape(value);
  }
}

/** Published resources refer to each other by business key: the id asked for is looked up. */
async function referencePattern(
  parameter: SearchParameter,
  value: string,
  { row, fhirBase, keyOf }: SearchScope,
): Promise<Json | undefined> {
  const local = localReferenceOf(value, parameter, fhirBase);
  if (local === undefined || row.source === 'clinical') return local && { reference: local };
  const [type, id] = local.split('/') as [string, string];
  const key = await keyOf(type, id);
  return key && { reference: referenceTo(type, key) };
}

function namesOf(row: TypeRow): string {
  return ['_id', '_lastUpdated', '_count', ...row.search.map(({ name }) => name)].join(', ');
}
