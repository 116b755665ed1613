/** What closures compute with: items of a collection as they stand in the JSON, and the tests of single ones. */
import type { AnyResource } from '../../fhir/types.ts';

/** A primitive with the `_` twin that holds its id and extensions (FHIR R4 §2.6.2.3); its value may be absent. */
export class Extended {
  readonly value: unknown;
  readonly element: unknown;

  constructor(value: unknown, element: unknown) {
    this.value = value;
    this.element = element;
  }
}

/** The resource that `%resource` names, and the one that contains it or itself, for `%rootResource`. */
export type Environment = { resource: AnyResource; root: AnyResource };

/** A collection-valued expression on one item. */
export type Many = (item: unknown, environment: Environment) => readonly unknown[];

/** A boolean expression on one item; undefined is FHIRPath's empty collection. */
export type Truth = (item: unknown, environment: Environment) => boolean | undefined;

export const nothing: readonly unknown[] = [];

/** Thrown where a value is none that the subset states an answer for: fhirpath.js then evaluates the whole expression. */
export const outside: unique symbol = Symbol('outside the subset');

/** Ends the evaluation by closures. */
export function leave(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: a way out, taken often, that needs no stack
  throw outside;
}

/** The value of an item, without the twin; null or undefined for one that has only the twin. */
export function plain(item: unknown): unknown {
  return item instanceof Extended ? item.value : item;
}

/** The only item of a collection as text; undefined without one. */
export function text(items: readonly unknown[]): string | undefined {
  if (items.length === 0) return undefined;
  const value = items.length === 1 ? plain(items[0]) : leave();
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : leave();
}

/** The only item of a collection as a boolean; undefined without one. */
export function truth(items: readonly unknown[]): boolean | undefined {
  if (items.length === 0) return undefined;
  const value = items.length === 1 ? plain(items[0]) : leave();
  if (value === null || value === undefined) return undefined;
  return typeof value === 'boolean' ? value : leave();
}

const yes = [true];
const no = [false];

/** A boolean as a collection. */
export function itemsOfTruth(value: boolean | undefined): readonly unknown[] {
  return value === undefined ? nothing : value ? yes : no;
}

/** A text or number as a collection. */
export function itemsOfValue(value: string | number | undefined): readonly unknown[] {
  return value === undefined ? nothing : [value];
}
