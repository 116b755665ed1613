import type { JsonObject } from '../fhir/types.ts';
import { textOf } from '../mapping/compilation.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Every field named has one of its values. */
export function matches(item: JsonObject, where: Values): boolean {
  return Object.entries(where).every(([field, values]) => values.includes(textOf(item[field])));
}

/** At least one of the fields named has one of its values. */
export function matchesOne(item: JsonObject, where: Values): boolean {
  return Object.entries(where).some(([field, values]) => values.includes(textOf(item[field])));
}
