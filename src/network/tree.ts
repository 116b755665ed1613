/** What a file says, every part knowing where it stands: the form between the text and plain data. */
import type { Position } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';

/** `position` is that of the key for a field of an object, of the item for a list. */
export type Tree = { position: Position; value: null | boolean | string | Tree[] | Map<string, Tree> };

/** Names that could reach the prototype of an object somewhere down the line; no field is called so. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Plain data, and the position of each part by JSON pointer (RFC 6901). */
export function flatten(tree: Tree): { data: Json; positions: ReadonlyMap<string, Position> } {
  const positions = new Map<string, Position>();
  const dataOf = ({ position, value }: Tree, pointer: string): Json => {
    positions.set(pointer, position);
    if (Array.isArray(value)) return value.map((item, index) => dataOf(item, `${pointer}/${index}`));
    if (!(value instanceof Map)) return value;
    const object: JsonObject = {};
    for (const [name, child] of value) object[name] = dataOf(child, `${pointer}/${pointerStep(name)}`);
    return object;
  };
  return { data: dataOf(tree, ''), positions };
}

/** One step of a JSON pointer. */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
