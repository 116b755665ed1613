/** A search as criteria over what networks publish and what was exchanged. */
import { referenceTo } from '../../fhir/references.ts';
import type { Json, JsonObject } from '../../fhir/types.ts';
import type { ServedCriterion } from '../../store/served-criteria.ts';
import { isDated, type TypeRow } from '../table.ts';
import { type PathStep, stepsOf } from './search-path.ts';
import type { AskedParameter, SearchQuery } from './search-query.ts';
import { tokenPattern } from './search-values.ts';

/** All that SQL can decide; periods are left to search-match.ts. */
export function servedCriteriaOf(row: TypeRow, { asked, ids, updated }: SearchQuery): ServedCriterion[] {
  return [
    ...ids.map((values) => ({ kind: 'id' as const, values })),
    ...updated,
    ...asked.flatMap((one) => criterionOf(row, one)),
  ];
}

function criterionOf(row: TypeRow, one: AskedParameter): ServedCriterion[] {
  const { parameter, mode, values } = one;
  if (isDated(parameter)) return [];
  if (parameter.form === 'text') {
    const paths = parameter.path.split('|').map((path) => `$.${path.replaceAll('[]', '[*]')}`);
    return [{ kind: 'text', paths, mode, values }];
  }
  const [element, ...inner] = stepsOf(parameter.path) as [PathStep, ...PathStep[]];
  const patterns = leavesOf(row, one).map((leaf) => {
    const nested = inner.reduceRight<Json>((pattern, step) => ({ [step.name]: at(step, pattern) }), leaf);
    return at(element, nested);
  });
  return [{ kind: 'contains', element: element.name, patterns }];
}

/** What an element contains when one of it, or it alone, contains the pattern; of an extension, that very one. */
function at({ repeats, url }: PathStep, pattern: Json): Json {
  const one = url === undefined ? pattern : { url, ...(pattern as JsonObject) };
  return repeats ? [one] : one;
}

/** The JSON that a matching element contains, an alternative each; none for references to nothing that is known here. */
function leavesOf({ source }: TypeRow, { parameter, values, keys }: AskedParameter): Json[] {
  switch (parameter.form) {
    case 'identifier':
      return values.map((value) => tokenPattern(value, 'value'));
    case 'coding':
      return values.map((value) => tokenPattern(value, 'code'));
    case 'concept':
      return values.map((value) => ({ coding: [tokenPattern(value, 'code')] }));
    case 'boolean':
      return values.map((value) => value === 'true');
    case 'reference':
      // Published resources refer to each other by business key.
      return source === 'clinical'
        ? values.map((reference) => ({ reference }))
        : keys.map(({ type, key }) => ({ reference: referenceTo(type, key) }));
    default:
      return [...values];
  }
}
