/** From the JSON Schema of a network kind to values of it. A keyword that nobody wrote a rule for is an error: no guess. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { itemOf, type Located, resolved, type Schema } from './schemas.ts';
import { formats, line } from './words.ts';

/** Keywords that say nothing of the value itself. */
const silent = [
  '$schema',
  '$defs',
  'title',
  'description',
  'additionalProperties',
  'type',
  '$ref',
  'default',
];
/** Definitions that say how a file is read; that is tested in test/network. */
const readingOf = /#\/\$defs\/(listFile|duplicates)$/;
/** Written where a reference must stand; the network is completed afterwards. */
const referenceMark = 'a-completer';

const known: ReadonlySet<string> = new Set([
  ...silent,
  ...[
    'properties',
    'required',
    'dependentRequired',
    'minProperties',
    'items',
    'minItems',
    'maxItems',
    'uniqueItems',
  ],
  ...[
    'enum',
    'const',
    'pattern',
    'format',
    'minLength',
    'maxLength',
    'x-reference',
    'anyOf',
    'oneOf',
    'allOf',
  ],
  ...['if', 'then', 'else', 'examples'],
]);

/** Arbitrary values of a schema. Throws for a keyword it does not know. */
export function valuesOf(at: Located, deep = 0): fc.Arbitrary<Json> {
  const located = resolved(at);
  const known = made.get(located.schema)?.[deep];
  if (known) return known;
  const values = makeValues(located, deep);
  const byDepth = made.get(located.schema) ?? [];
  byDepth[deep] = values;
  made.set(located.schema, byDepth);
  return values;
}

/** By schema and depth: making an arbitrary takes longer than drawing from it. */
const made = new WeakMap<Schema, fc.Arbitrary<Json>[]>();

function makeValues({ schema, document }: Located, deep: number): fc.Arbitrary<Json> {
  const strange = Object.keys(schema).filter((keyword) => !known.has(keyword) && !keyword.startsWith('x-'));
  if (strange.length) throw new Error(`${document}: no way to generate « ${strange.join(', ')} »`);
  if ('const' in schema) return fc.constant(schema['const'] as Json);
  if (schema.enum) return fc.constantFrom(...(schema.enum as Json[]));
  if (schema['else'] && !schema.properties)
    return valuesOf({ schema: schema['else'] as Schema, document }, deep);
  if (schema.properties) return objectOf({ schema, document }, deep);
  if (schema.items || schema['type'] === 'array') return listOf({ schema, document }, deep);
  if (schema['type'] === 'boolean') return fc.boolean();
  if ('x-reference' in schema) return fc.constant(referenceMark);
  const choices = (schema['oneOf'] ?? schema['anyOf']) as readonly Schema[] | undefined;
  if (choices && schema['type'] === undefined)
    return fc.oneof(...choices.map((choice) => valuesOf({ schema: choice, document }, deep)));
  return textOf(schema);
}

function textOf({ pattern, format, maxLength, minLength }: Schema): fc.Arbitrary<string> {
  const most = typeof maxLength === 'number' ? maxLength : 60;
  const least = typeof minLength === 'number' ? minLength : 0;
  const bounded = (text: string): boolean => text.length <= most && text.length >= least;
  if (format !== undefined) {
    const found = formats[format];
    if (!found) throw new Error(`no way to generate the format « ${format} »`);
    return pattern === undefined ? found : found.filter((text) => new RegExp(pattern, 'u').test(text));
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter(bounded);
  return line(Math.min(most, 120)).filter(bounded);
}

function listOf({ schema, document }: Located, deep: number): fc.Arbitrary<Json[]> {
  const least = (schema['minItems'] as number | undefined) ?? 0;
  const most = Math.min((schema['maxItems'] as number | undefined) ?? 5, Math.max(least, deep > 1 ? 3 : 5));
  const item = valuesOf(itemOf({ schema, document }), deep + 1);
  const length = { minLength: least, maxLength: most };
  return schema['uniqueItems']
    ? fc.uniqueArray(item, { ...length, selector: (value) => JSON.stringify(value) })
    : fc.array(item, length);
}

function objectOf({ schema, document }: Located, deep: number): fc.Arbitrary<JsonObject> {
  const required = new Set(schema.required);
  const properties = Object.entries(schema.properties!);
  const told = properties.filter(([, property]) => !readingOf.test(property.$ref ?? ''));
  const fields = told.map(([name, property]) => {
    const value = valuesOf({ schema: property, document }, deep + 1);
    return [name, required.has(name) ? value : fc.option(value, { nil: undefined, freq: 2 })] as const;
  });
  return fc.record(Object.fromEntries(fields)).map((object) => {
    const there = Object.entries(object).filter(([, value]) => value !== undefined);
    return withDependent(Object.fromEntries(there) as JsonObject, schema);
  });
}

/** What requires a field that is not there is left out. */
function withDependent(object: JsonObject, schema: Schema): JsonObject {
  const dependent = (schema['dependentRequired'] ?? {}) as Record<string, string[]>;
  const without = Object.keys(object).filter((name) => dependent[name]?.some((other) => !(other in object)));
  if (!without.length) return object;
  const kept = Object.entries(object).filter(([name]) => !without.includes(name));
  return withDependent(Object.fromEntries(kept), schema);
}
