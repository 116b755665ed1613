/** Small facts about JSON values that differences rest on. */
import canonicalize from 'canonicalize';
import type { Json, JsonObject } from '../fhir/types.ts';

/** Same JSON content, whatever the order of the members. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalize(a) === canonicalize(b);
}

/** An object, and neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
