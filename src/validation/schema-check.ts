/** ajv over the definitions: compiled when the program was built, or each when first needed, once for whoever refers to it. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './definitions.ts';
import { addKeywords } from './keywords.ts';

/** A keyword that does not hold, where (JSON pointer), in which schema. */
export type Fault = { keyword: string; path: string; schema: Schema; params: Record<string, unknown> };

/** Faults of a value; none when it holds. */
export type Check = (value: unknown) => readonly Fault[];

const none: readonly Fault[] = [];

/** Checks by definition name. Throws for a name that is none. */
export type Checks = (name: string) => Check;

/** Checks compiled here. Nothing is compiled or indexed before the first is asked for. */
export function createChecks(schemas: Readonly<Record<string, Schema>>): Checks {
  let ajv: Ajv2020 | undefined;
  const made = new Map<string, Check>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    ajv ??= compilerOf(schemas);
    const check = checkBy(name, ajv.getSchema(name) as ValidateFunction | undefined);
    made.set(name, check);
    return check;
  };
}

/** The functions that `scripts/standalone.ts` makes of the same schemas, by the name that `exportName` gives. */
export type Standalone = Readonly<Record<string, unknown>>;

/** Name of a definition as that of an export. */
export function exportName(definition: string): string {
  return definition.replace(/\W/g, '_');
}

/** Checks made when the program was built. */
export function standaloneChecks(functions: Standalone): Checks {
  const made = new Map<string, Check>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const check = checkBy(name, functions[exportName(name)] as ValidateFunction | undefined);
    made.set(name, check);
    return check;
  };
}

function checkBy(name: string, validate: ValidateFunction | undefined): Check {
  if (!validate) throw new Error(`no definition ${name}`);
  return (value) => (validate(value) ? none : withoutAlternatives(validate.errors ?? []).map(faultOf));
}

/** The compiler with the definitions; `source` keeps the code it makes, optimised, for a file. */
export function compilerOf(schemas: Readonly<Record<string, Schema>>, source = false): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false, // ours are said of the schema, in French
    verbose: true, // faults carry the schema they come from: it says in French what is wrong
    strict: false,
    unicodeRegExp: false, // the expressions of the R4 definitions are written for engines without it
    inlineRefs: false,
    validateSchema: false, // our own build product: checking it again at each start would only cost time
    code: { optimize: source, source, esm: true, process: appending }, // compiled when needed: optimising costs more than it brings
  });
  addKeywords(ajv);
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  return ajv;
}

/** ajv's code with the faults of each part appended to those so far: it copies them all, which takes the square of their number. */
export function appending(code: string): string {
  return code.replace(
    /vErrors\.concat\(([\w.]+)\)/g,
    '$1.reduce((all, one) => (all.push(one), all), vErrors)',
  );
}

/** Keywords about alternatives: the faults inside each are summed up by the one about the whole. */
const summaries = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames', 'not']);

/**
 * `if` only says that its `then` or `else` failed, which says so itself. Groups are told apart by their place in the schema, of
 * which there are few, however many items of a list fail there.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const groups = new Set(errors.flatMap(({ keyword, schemaPath }) => (summaries.has(keyword) ? [`${schemaPath}/`] : [])));
  const known = new Map<string, boolean>();
  const isInside = (path: string): boolean => {
    const inside = known.get(path) ?? [...groups].some((group) => path.startsWith(group));
    known.set(path, inside);
    return inside;
  };
  return errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !isInside(schemaPath));
} // prettier-ignore

function faultOf({ keyword, instancePath, parentSchema, params }: ErrorObject): Fault {
  return { keyword, path: instancePath, schema: parentSchema as Schema, params: params as Fault['params'] };
}
