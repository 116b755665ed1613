/**
 * The fields of a kind of network as its schema states them, references followed: for starter files, columns of lists
 * and exports. What a file may hold is decided by the compiled schema alone (`schema-compiler.ts`).
 */
import type { AnySchemaObject } from 'ajv';

export type Shape = {
  type: 'fields' | 'list' | 'text' | 'boolean';
  description?: string;
  /** Of `fields`, in the order of the schema. */
  fields: ReadonlyMap<string, Shape>;
  required: ReadonlySet<string>;
  /** When one field is there, these must be too. */
  together: Readonly<Record<string, readonly string[]>>;
  /** Of a `list`. */
  item?: Shape;
  /** The list may be kept in a spreadsheet. */
  inFile: boolean;
  /** Words to choose from. */
  words?: readonly string[];
  format?: string;
  pattern?: string;
  /** Values the schema gives as examples. */
  examples: readonly string[];
  /** The list whose item a text names by its id. */
  names?: string;
};

/** Deeper parts are left out: a schema may refer to itself. */
const maxDepth = 12;

type Branches = Partial<Record<'oneOf' | 'anyOf', AnySchemaObject[]>> & { else?: AnySchemaObject };
type Scope = { root: AnySchemaObject; shared: AnySchemaObject };

/** The shape of a kind: its schema, and the schema that all kinds share. */
export function shapeOf(root: AnySchemaObject, shared: AnySchemaObject): Shape {
  return build(root, { root, shared }, 0);
}

function build(written: AnySchemaObject, outer: Scope, depth: number): Shape {
  const { schema, scope } = follow(written, outer);
  const object = (name: string): Record<string, AnySchemaObject> =>
    (schema[name] as Record<string, AnySchemaObject> | undefined) ?? {};
  const properties = depth < maxDepth ? Object.entries(object('properties')) : [];
  const items = schema['items'] as AnySchemaObject | undefined;
  const words = (schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']])) as
    string[] | undefined;
  return {
    type: typeOf(schema),
    fields: new Map(properties.map(([name, one]) => [name, build(one, scope, depth + 1)])),
    required: new Set(schema['required'] as string[] | undefined),
    together: object('dependentRequired') as unknown as Record<string, string[]>,
    inFile: mayBeInFile(items),
    examples: (schema['examples'] as string[] | undefined) ?? [],
    ...(items && depth < maxDepth ? { item: build(items, scope, depth + 1) } : {}),
    ...(words ? { words } : {}),
    ...texts({ description: schema['description'], format: schema['format'], pattern: schema['pattern'] }),
    ...texts({ names: schema['x-reference'] }),
  };
}

/** The schema a reference leads to, with what is written beside the reference; of a choice, what is not a list file. */
function follow(schema: AnySchemaObject, scope: Scope): { schema: AnySchemaObject; scope: Scope } {
  let [at, within] = [schema, scope];
  for (let hops = 0; hops < maxDepth; hops += 1) {
    const { $ref, ...beside } = at as AnySchemaObject & { $ref?: string };
    const branch = $ref === undefined ? branchOf(at) : undefined;
    if ($ref !== undefined) {
      const [file = '', pointer = ''] = $ref.split('#');
      if (file) within = { root: scope.shared, shared: scope.shared };
      at = { ...partAt(within.root, pointer), ...beside };
    } else if (branch) {
      const { if: _if, then: _then, else: _else, oneOf: _oneOf, anyOf: _anyOf, ...rest } = at;
      at = { ...branch, ...rest };
    } else break;
  }
  return { schema: at, scope: within };
}

function branchOf(schema: AnySchemaObject): AnySchemaObject | undefined {
  if (schema['properties']) return undefined;
  const { else: other, oneOf, anyOf } = schema as Branches;
  return other ?? oneOf?.[0] ?? anyOf?.[0];
}

function partAt(root: AnySchemaObject, pointer: string): AnySchemaObject {
  return pointer
    .split('/')
    .slice(1)
    .reduce((part, step) => (part[step] ?? {}) as AnySchemaObject, root);
}

function mayBeInFile(items: AnySchemaObject | undefined): boolean {
  return String((items?.['then'] as AnySchemaObject | undefined)?.['$ref'] ?? '').endsWith('/listFile');
}

function typeOf(schema: AnySchemaObject): Shape['type'] {
  if (schema['type'] === 'array' || schema['items']) return 'list';
  if (schema['type'] === 'object' || schema['properties']) return 'fields';
  return schema['type'] === 'boolean' ? 'boolean' : 'text';
}

function texts<Name extends string>(given: Record<Name, unknown>): Partial<Record<Name, string>> {
  const known = Object.entries(given).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(known) as Partial<Record<Name, string>>;
}
