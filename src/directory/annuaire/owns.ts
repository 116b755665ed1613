/**
 * Whether a row counts for the search that found it. Searches that share a larger one out may both find a row (several
 * codes, an alias); counting it for one of them makes their sum a number of records, also after a restart of the process.
 */
import { isObject } from '../api/json.ts';
import { type Condition, prefixOf, updatedAt } from './search.ts';
import type { ServedKind } from './options.ts';

export function owns(
  kind: ServedKind,
  conditions: readonly Condition[],
  row: Record<string, unknown>,
): boolean {
  return conditions.every((condition) => {
    switch (condition.axis) {
      case 'since':
        return (updatedAt(row) ?? Infinity) >= Date.parse(condition.value);
      case 'prefix':
        return (
          plain(primaryName(kind, row)).startsWith(condition.value) &&
          (!condition.olderThan || (updatedAt(row) ?? 0) < Date.parse(condition.olderThan))
        );
      case 'code': {
        const codes = new Set(codesAt(row, codedElement(condition.parameter)));
        return !condition.before.some((code) => codes.has(code));
      }
      default:
        return true; // days, states and persons do not overlap
    }
  });
}

/** Codes of a row at an element, without their systems. */
export function codesAt(row: Record<string, unknown>, element: string): string[] {
  const concepts = [row[element]].flat().filter(isObject);
  return concepts
    .flatMap((concept) => [concept['coding']].flat())
    .filter(isObject)
    .flatMap(({ code }) => (typeof code === 'string' && /^[\w.-]+$/.test(code) ? [code] : []));
}

/** The element that a token parameter looks at. */
export function codedElement(parameter: string): string {
  return { role: 'code', 'service-type': 'type', 'service-category': 'category' }[parameter] ?? parameter;
}

function primaryName(kind: ServedKind, row: Record<string, unknown>): string {
  const first: unknown = [row['name']].flat()[0];
  const name = prefixOf[kind] === 'family' && isObject(first) ? first['family'] : first;
  return typeof name === 'string' ? name : '';
}

/** Searches for text ignore case and accents (FHIR R4, string search). */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
