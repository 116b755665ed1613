import type { Json } from '../fhir/types.ts';
import { align } from './align.ts';
import { isObject, sameValue } from './values.ts';

/**
 * One field that differs. `path` reads like FHIRPath (`telecom[0].value`); indexes are those of the old list, except
 * the last index of an element that was added, which is its place in the new list. `undefined` means absent.
 */
export type ValueChange = { path: string; before: Json | undefined; after: Json | undefined };

/** Every difference between two JSON values, deepest field each; elements of lists are matched by what names them. */
export function fieldChanges(before: Json | undefined, after: Json | undefined): ValueChange[] {
  const found: ValueChange[] = [];
  compare('', before, after, found);
  return found;
}

function compare(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  found: ValueChange[],
): void {
  if (sameValue(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, before, after, found);
  if (!isObject(before) || !isObject(after)) return void found.push({ path, before, after });
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const name of names) compare(path ? `${path}.${name}` : name, before[name], after[name], found);
}

function compareLists(path: string, before: Json[], after: Json[], found: ValueChange[]): void {
  const { kept, removed, added } = align(before, after);
  for (const pair of kept) compare(`${path}[${pair.before}]`, before[pair.before], after[pair.after], found);
  for (const index of removed)
    found.push({ path: `${path}[${index}]`, before: before[index], after: undefined });
  for (const index of added)
    found.push({ path: `${path}[${index}]`, before: undefined, after: after[index] });
}
