/** Where two resources differ, as FHIRPath: what the first has that the second does not, and the other way round. */
import canonicalize from 'canonicalize';
import { isObject } from '../compilation.ts';

export type Difference = { expression: string; side: 'only-given' | 'only-written' | 'different' };

export function differencesOf(given: unknown, written: unknown, expression: string): Difference[] {
  if (written === undefined) return [{ expression, side: 'only-given' }];
  if (given === undefined) return [{ expression, side: 'only-written' }];
  if (Array.isArray(given) && Array.isArray(written)) return ofLists(given, written, expression);
  if (isObject(given) && isObject(written)) {
    const names = new Set([...Object.keys(given), ...Object.keys(written)]);
    return [...names].flatMap((name) => differencesOf(given[name], written[name], `${expression}.${name}`));
  }
  return canonicalize(given) === canonicalize(written) ? [] : [{ expression, side: 'different' }];
}

/** Items are compared by content first, so that one too many does not make all others differ. */
function ofLists(given: readonly unknown[], written: readonly unknown[], expression: string): Difference[] {
  const left = new Map<string, number[]>();
  written.forEach((item, index) => {
    const text = canonicalize(item) ?? '';
    left.set(text, [...(left.get(text) ?? []), index]);
  });
  const pairs = given.map((item) => left.get(canonicalize(item) ?? '')?.shift());
  const extra = given.flatMap((_, index) => (pairs[index] === undefined ? [index] : []));
  const missing = [...left.values()].flat().sort((a, b) => a - b);
  if (!extra.length && !missing.length) {
    const inOrder = pairs.every((place, index) => place === index);
    return inOrder ? [] : [{ expression, side: 'different' }];
  }
  if (extra.length === 1 && missing.length === 1) {
    return differencesOf(given[extra[0]!], written[missing[0]!], `${expression}[${extra[0]!}]`);
  }
  return [
    ...extra.map((index): Difference => ({ expression: `${expression}[${index}]`, side: 'only-given' })),
    ...missing.map((index): Difference => ({ expression: `${expression}[${index}]`, side: 'only-written' })),
  ];
}
