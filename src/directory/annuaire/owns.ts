/**
 * Whether a row counts for the search that found it. Searches that share a larger one out may both find a row (several
 * codes, an alias); counting it for one of them makes their sum a number of records, also after a restart of the process.
 */
import { isObject } from '../api/json.ts';
import { codedElement, codingsOf } from './codes.ts';
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
      case 'postcode':
        return postcodeOf(row)?.startsWith(condition.value) ?? false;
      case 'code': {
        const { parameter, before } = condition;
        if (before.length === 0) return true;
        for (const { system, code } of codingsOf(row[codedElement(kind, parameter)]))
          if ((condition.system ?? system) === system && before.includes(code)) return false;
        return true;
      }
      default:
        return true; // days, states and persons do not overlap
    }
  });
}

/** Of the first address that has one. */
export function postcodeOf(row: Record<string, unknown>): string | undefined {
  for (const address of [row['address']].flat()) {
    const code = isObject(address) ? address['postalCode'] : undefined;
    if (typeof code === 'string' && /^\d/.test(code)) return code;
  }
  return undefined;
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
