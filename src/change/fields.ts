import type { Json } from '../fhir/types.ts';
import { align } from './align.ts';
import { isObject, sameValue } from './values.ts';

/**
 * One field that differs. `path` reads like FHIRPath (`telecom[0].value`); indexes are those of the old list, except
 * the last index of an element that was added, which is its place in the new list. `undefined` means absent.
 */
export type ValueChange = { path: string; before: Json | undefined; after: Json | undefined };

/** A change with the same path in the new value, all its indexes those of the new lists; of what is gone, its parent's. */
export type PlacedChange = ValueChange & { newPath: string };

/** Every difference between two JSON values, deepest field each; elements of lists are matched by what names them. */
export function fieldChanges(before: Json | undefined, after: Json | undefined): ValueChange[] {
  return placedChanges(before, after).map(({ newPath: _newPath, ...change }) => change);
}

/** The same with the place of each in the new value. */
export function placedChanges(before: Json | undefined, after: Json | undefined): PlacedChange[] {
  const found: PlacedChange[] = [];
  compare({ path: '', newPath: '' }, before, after, found);
  return found;
}

type Place = { path: string; newPath: string };

function compare(
  place: Place,
  before: Json | undefined,
  after: Json | undefined,
  found: PlacedChange[],
): void {
  if (sameValue(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(place, before, after, found);
  if (!isObject(before) || !isObject(after)) return void found.push({ ...place, before, after });
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const below = (path: string, name: string): string => (path ? `${path}.${name}` : name);
  for (const name of names) {
    const child = { path: below(place.path, name), newPath: below(place.newPath, name) };
    compare(child, before[name], after[name], found);
  }
}

function compareLists({ path, newPath }: Place, before: Json[], after: Json[], found: PlacedChange[]): void {
  const { kept, removed, added } = align(before, after);
  for (const pair of kept) {
    const place = { path: `${path}[${pair.before}]`, newPath: `${newPath}[${pair.after}]` };
    compare(place, before[pair.before], after[pair.after], found);
  }
  for (const index of removed)
    found.push({ path: `${path}[${index}]`, newPath, before: before[index], after: undefined });
  for (const index of added)
    found.push({
      ...{ path: `${path}[${index}]`, newPath: `${newPath}[${index}]` },
      ...{ before: undefined, after: after[index] },
    });
}
