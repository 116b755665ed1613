import { isObject } from '../mapping/compilation.ts';
import { inForce } from '../mapping/periods.ts';
import { pointerStep } from './tree.ts';
import { DigestTable } from '../fhir/digest-table.ts';
import type { Json, JsonObject } from '../fhir/types.ts';

/** An item of a list of the network, and its JSON pointer. Both are made when asked for: a list may be very long. */
export class Item {
  readonly #list: readonly Json[];
  readonly #path: string;
  readonly #index: number;
  constructor(list: readonly Json[], path: string, index: number) {
    this.#list = list;
    this.#path = path;
    this.#index = index;
  }
  get pointer(): string {
    return `/${this.#path}/${this.#index}`;
  }
  get value(): JsonObject {
    return this.#list[this.#index] as JsonObject;
  }
}

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
  return list.flatMap((value, index) => (isObject(value) ? [new Item(list, path, index)] : []));
}

/** Does the item's period, if it has one, cover the day? */
export function isInForce(item: JsonObject, day: string): boolean {
  return inForce(item[startField], item[endField], day);
}

/** Which values stand in the field of more than one item? A table of digests tells: the values of a long list would fill the heap. */
export function repeated(items: readonly Item[], field: string): (value: Json) => boolean {
  const met = new DigestTable();
  const several = new Set<string>();
  for (const { value } of items) {
    const text = JSON.stringify(value[field]);
    if (text !== undefined && met.add(text, 1) !== undefined) several.add(text);
  }
  return (value) => several.has(JSON.stringify(value));
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
  if (Array.isArray(data)) data.forEach((child, index) => visitParts(child, visit, `${pointer}/${index}`));
  else
    for (const [name, child] of Object.entries(data))
      visitParts(child, visit, `${pointer}/${pointerStep(name)}`);
}
