/**
 * JSON Schema (2020-12) as far as our definitions use it, as plain functions made when a definition is first needed.
 * A general compiler turned them into 7 MB of code: seconds at first use and 100 MiB kept, for rules this simple.
 * What is in no definition of ours is refused rather than left unchecked; test/validation holds the two to one verdict.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Schema } from './definitions.ts';

/** A keyword that does not hold, where, in which schema. */
export type Fault = { keyword: string; path: string; schema: Schema; params: Record<string, unknown> };

/**
 * Who is told of faults. Inside alternatives the faults of each are summed up by the one about the whole; only what a
 * definition named there says of itself is still of use, so references speak to `outside`.
 */
export type Listener = { tell(fault: Fault): void; outside: Listener };

/** True when the value holds. Without a listener it stops at the first fault; with one it tells them all. */
export type Check = (value: unknown, path: string, listener?: Listener) => boolean;

/** Checks by definition name. Throws for a name that is none, and for a keyword it does not know. */
export function createChecks(schemas: Readonly<Record<string, Schema>>): (name: string) => Check {
  const made = new Map<string, Check>();
  const byName = (name: string): Check => {
    const known = made.get(name);
    if (known) return known;
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (!schema) throw new Error(`no definition ${name}`);
    const check = checkOf(schema, byName);
    made.set(name, check);
    return check;
  };
  return byName;
}

type ByName = (name: string) => Check;
type Keyword = (schema: Schema, byName: ByName) => Check | undefined;
type JsonObject = Record<string, unknown>;

function checkOf(schema: Schema, byName: ByName): Check {
  for (const name of Object.keys(schema)) {
    if (!(name in keywords) && !silent.has(name)) throw new Error(`keyword ${name} is not supported`);
  }
  const checks = Object.entries(keywords).flatMap(([name, make]) =>
    name in schema ? (make(schema, byName) ?? []) : [],
  );
  return all(checks);
}

function all(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0]!;
  return (value, path, listener) => {
    let holds = true;
    for (const check of checks) {
      if (check(value, path, listener)) continue;
      if (!listener) return false;
      holds = false;
    }
    return holds;
  };
}

/** Annotations, and keywords that another one reads along with itself. */
const silent = new Set(['description', 'missing', 'code', 'then', 'else', 'minContains', 'maxContains']);

/** A keyword that holds or not, with nothing inside it to tell. */
function simple(
  name: string,
  holdsFor: (schema: Schema) => (value: unknown) => boolean,
  params: (schema: Schema) => Record<string, unknown> = () => ({}),
): Keyword {
  return (schema) => {
    const holds = holdsFor(schema);
    return (value, path, listener) => {
      if (holds(value)) return true;
      listener?.tell({ keyword: name, path, schema, params: params(schema) });
      return false;
    };
  };
}

const types: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: isObject,
};

/** In the order in which faults are told. */
const keywords: Record<string, Keyword> = {
  $ref: ({ $ref }, byName) => {
    const name = $ref as string;
    return (value, path, listener) => byName(name)(value, path, listener?.outside);
  },
  type: simple(
    'type',
    ({ type }) => types[type as string]!,
    ({ type }) => ({ type }),
  ),
  minimum: simple(
    'minimum',
    (schema) => (value) => typeof value !== 'number' || value >= (schema['minimum'] as number),
  ),
  // Code units rather than characters: the same for 1, the only length asked for.
  minLength: simple(
    'minLength',
    (schema) => (value) => typeof value !== 'string' || value.length >= (schema['minLength'] as number),
  ),
  pattern: simple('pattern', (schema) => {
    const pattern = new RegExp(schema['pattern'] as string);
    return (value) => typeof value !== 'string' || pattern.test(value);
  }),
  const: simple('const', (schema) => (value) => isDeepStrictEqual(value, schema['const'])),
  enum: simple('enum', (schema) => {
    const allowed = new Set(schema['enum'] as unknown[]);
    return (value) => allowed.has(value);
  }),
  not: (schema, byName) => {
    const inner = checkOf(schema['not'] as Schema, byName);
    return simple('not', () => (value) => !inner(value, ''))(schema, byName);
  },
  anyOf: alternatives('anyOf', (holding) => holding > 0),
  oneOf: alternatives('oneOf', (holding) => holding === 1),
  allOf: ({ allOf }, byName) => all((allOf as Schema[]).map((schema) => checkOf(schema, byName))),
  if: (schema, byName) => {
    const [condition, then, otherwise] = ['if', 'then', 'else'].map((name) => checkOf((schema[name] ?? {}) as Schema, byName)) as [Check, Check, Check]; // prettier-ignore
    return (value, path, listener) => (condition(value, '') ? then : otherwise)(value, path, listener);
  },
  maxItems: simple(
    'maxItems',
    (schema) => (value) => !Array.isArray(value) || value.length <= (schema['maxItems'] as number),
    ({ maxItems }) => ({ limit: maxItems }),
  ),
  minItems: simple(
    'minItems',
    (schema) => (value) => !Array.isArray(value) || value.length >= (schema['minItems'] as number),
  ),
  items: (schema, byName) => {
    const item = checkOf(schema['items'] as Schema, byName);
    return each(
      (value) => (Array.isArray(value) ? value.keys() : []),
      () => item,
    );
  },
  contains: (schema, byName) => {
    const item = checkOf(schema['contains'] as Schema, byName);
    const { minContains = 1, maxContains = Infinity } = schema as {
      minContains?: number;
      maxContains?: number;
    };
    const holds = (value: unknown): boolean => {
      if (!Array.isArray(value)) return true;
      const count = value.filter((one) => item(one, '')).length;
      return count >= minContains && count <= maxContains;
    };
    return simple('contains', () => holds)(schema, byName);
  },
  minProperties: simple(
    'minProperties',
    (schema) => (value) =>
      !isObject(value) || Object.keys(value).length >= (schema['minProperties'] as number),
  ),
  required: (schema) => (value, path, listener) => {
    if (!isObject(value)) return true;
    const missing = (schema['required'] as string[]).filter((name) => !Object.hasOwn(value, name));
    for (const name of missing)
      listener?.tell({ keyword: 'required', path, schema, params: { missingProperty: name } });
    return missing.length === 0;
  },
  propertyNames: (schema, byName) => {
    const name = checkOf(schema['propertyNames'] as Schema, byName);
    return simple(
      'propertyNames',
      () => (value) => !isObject(value) || Object.keys(value).every((each) => name(each, '')),
    )(schema, byName);
  },
  additionalProperties: (schema) => (value, path, listener) => {
    if (!isObject(value)) return true;
    const known = schema['properties'] as JsonObject;
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(known, name));
    for (const name of unknown)
      listener?.tell({ keyword: 'additionalProperties', path, schema, params: { additionalProperty: name } });
    return unknown.length === 0;
  },
  properties: (schema, byName) => {
    const known = new Map(
      Object.entries(schema['properties'] as Record<string, Schema>).map(([name, property]) => [
        name,
        checkOf(property, byName),
      ]),
    );
    return each(
      (value) => (isObject(value) ? Object.keys(value) : []),
      (name) => known.get(name as string),
    );
  },
};

/** `anyOf` and `oneOf`: the alternatives' own faults are summed up in one. */
function alternatives(name: 'anyOf' | 'oneOf', enough: (holding: number) => boolean): Keyword {
  return (schema, byName) => {
    const branches = (schema[name] as Schema[]).map((branch) => checkOf(branch, byName));
    return (value, path, listener) => {
      if (enough(branches.filter((branch) => branch(value, '')).length)) return true;
      if (listener) for (const branch of branches) branch(value, path, muted(listener));
      listener?.tell({ keyword: name, path, schema, params: {} });
      return false;
    };
  };
}

function muted(listener: Listener): Listener {
  return { tell: () => undefined, outside: listener.outside };
}

/** Checks the parts of a value, each with the check for its name or place. */
function each(
  namesOf: (value: unknown) => Iterable<string | number>,
  checkFor: (name: string | number) => Check | undefined,
): Check {
  return (value, path, listener) => {
    let holds = true;
    for (const name of namesOf(value)) {
      const check = checkFor(name);
      const part = (value as JsonObject)[name];
      if (!check || check(part, listener ? `${path}/${name}` : '', listener)) continue;
      if (!listener) return false;
      holds = false;
    }
    return holds;
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
