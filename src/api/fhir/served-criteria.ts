/** A search as criteria over what networks publish and what was exchanged. */
import { referenceTo } from '../../fhir/references.ts';
import type { Json } from '../../fhir/types.ts';
import type { ServedCriterion } from '../../store/served-criteria.ts';
import type { TypeRow } from '../table.ts';
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
  if (parameter.form === 'period') return [];
  if (parameter.form === 'text') {
    const paths = parameter.path.split('|').map((path) => `$.${path.replaceAll('[]', '[*]')}`);
    return [{ kind: 'text', paths, mode, values }];
  }
  const [element, ...inner] = parameter.path.split('.') as [string, ...string[]];
  const patterns = leavesOf(row, one).map((leaf) => {
    const nested = inner.reduceRight<Json>(
      (pattern, step) => ({ [step.replace('[]', '')]: step.endsWith('[]') ? [pattern] : pattern }),
      leaf,
    );
    return element.endsWith('[]') ? [nested] : nested;
  });
  return [{ kind: 'contains', element: element.replace('[]', ''), patterns }];
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
