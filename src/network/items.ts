import { isObject } from '../mapping/compilation.ts';
import { inForce } from '../mapping/periods.ts';
import { pointerStep } from './tree.ts';
import type { Json, JsonObject } from '../fhir/types.ts';

/** An item of a list of the network, and its JSON pointer. */
export type Item = { pointer: string; value: JsonObject };

/** Fields that hold the first and the last day of a period, wherever they stand. */
export const startField = 'debut';
export const endField = 'fin';

/** What stands at a path of field names separated by `/`. */
export function valueAt(data: JsonObject, path: string): Json | undefined {
  return path
    .split('/')
    .reduce<Json | undefined>((value, step) => (isObject(value) ? value[step] : undefined), data);
}

/** The objects of the list at a path; none when there is no such list. */
export function itemsAt(data: JsonObject, path: string): Item[] {
  const list = valueAt(data, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, index) => (isObject(value) ? [{ pointer: `/${path}/${index}`, value }] : []));
}

/** Does the item's period, if it has one, cover the day? */
export function isInForce(item: JsonObject, day: string): boolean {
  return inForce(item[startField], item[endField], day);
}

/** Is there anything to read? */
export function isFilled(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
}

/** Visits every object and list of the data with its JSON pointer, outermost first. */
export function visitParts(
  data: Json,
  visit: (part: JsonObject | Json[], pointer: string) => void,
  pointer = '',
): void {
  if (typeof data !== 'object' || data === null) return;
  visit(data, pointer);
  for (const [name, child] of Object.entries(data))
    visitParts(child, visit, `${pointer}/${pointerStep(name)}`);
}
