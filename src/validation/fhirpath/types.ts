/** Static types of expressions: which R4 types an item may have, so that only what compares alike is compared. */
import { anyResource, isPrimitive, type Model, type Shapes } from '../base-schema.ts';
import { NotInSubset } from './tokens.ts';

/** R4 types, and FHIRPath's own for literals and results: `%string`, `%integer`, `%boolean`. */
export type Types = ReadonlySet<string>;

export const system = {
  string: new Set(['%string']),
  integer: new Set(['%integer']),
  boolean: new Set(['%boolean']),
} as const;

const dates = new Set(['date', 'dateTime', 'instant']);
const numbers = new Set(['%integer', 'integer', 'positiveInt', 'unsignedInt', 'decimal']);
const booleans = new Set(['%boolean', 'boolean']);

/** Primitive types whose values are compared as the text they are. */
function isText(type: string): boolean {
  return type === '%string' || (isPrimitive(type) && !dates.has(type) && type !== 'time' && !numbers.has(type) && !booleans.has(type)); // prettier-ignore
}

const every = (types: Types, test: (type: string) => boolean): boolean =>
  types.size > 0 && [...types].every(test);

/** True where no item is a date or a time, which fhirpath.js converts before it compares them. */
export function areComparable(types: Types): boolean {
  return every(types, (type) => !dates.has(type) && type !== 'time');
}

/** True where each item is text, a number or a boolean. */
export function areSimple(types: Types): boolean {
  return every(types, (type) => isText(type) || numbers.has(type) || booleans.has(type));
}

/** True where each item may be text or something that is left to fhirpath.js when it turns up. */
export function areTexts(types: Types): boolean {
  return every(types, (type) => isText(type) || !isPrimitive(type));
}

export function areNumbers(types: Types): boolean {
  return every(types, (type) => numbers.has(type));
}

export function areDates(types: Types): boolean {
  return every(types, (type) => dates.has(type));
}

/** Where a name leads from items of some types: the JSON names it may stand under, and the types there. */
export type Step = { names: string[]; types: Types };

/** The step of a name. Throws NotInSubset when no type has it: fhirpath.js looks at more than the definitions say. */
export function stepOf(from: Types, name: string, { shapes, choices }: Model): Step {
  const names = new Set<string>();
  const types = new Set<string>();
  for (const type of expanded(from, shapes)) {
    if (isPrimitive(type)) {
      if (name === 'extension') found('extension', 'Extension');
      continue;
    }
    const shape = shapes[type] ?? {};
    if (Object.hasOwn(shape, name)) found(name, shape[name]!);
    for (const property of choices[type]?.[name] ?? []) found(property, shape[property]!);
  }
  if (!names.size) throw new NotInSubset(name);
  return { names: [...names], types };

  function found(property: string, type: string): void {
    names.add(property);
    types.add(type);
  }
}

/** `Resource` stands for every resource type we know. */
function expanded(types: Types, shapes: Shapes): Iterable<string> {
  if (!types.has(anyResource)) return types;
  const all = Object.keys(shapes).filter((name) => shapes[name]!['implicitRules'] && !name.includes('.'));
  return new Set([...types, ...all]);
}
