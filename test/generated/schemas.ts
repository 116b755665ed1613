/** JSON Schemas of network kinds as the generator reads them: references followed, one kind a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of JSON Schema 2020-12 that schemas of kinds use. */
export type Schema = {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly (string | boolean)[];
  readonly pattern?: string;
  readonly format?: string;
};

const folder = 'mappings';

/** Names of the kinds: folders that hold a schema. */
export const kindNames: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes('schema.json'))
  .map((entry) => entry.name)
  .sort();

const documents = new Map<string, Schema>();

function documentAt(path: string): Schema {
  const known = documents.get(path);
  if (known) return known;
  const read = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Schema;
  documents.set(path, read);
  return read;
}

/** A schema and the document its references are relative to. */
export type Located = { schema: Schema; document: string };

export function schemaOf(kind: string): Located {
  const document = `${kind}/schema.json`;
  return { schema: documentAt(document), document };
}

/** A schema without `$ref`: what it refers to, with the keywords that stand beside the reference. */
export function resolved(at: Located): Located {
  const known = followed.get(at.schema);
  if (known) return known;
  const found = follow(at);
  followed.set(at.schema, found);
  followed.set(found.schema, found);
  return found;
}

const followed = new WeakMap<Schema, Located>();

function follow({ schema, document }: Located): Located {
  const { $ref, ...beside } = schema;
  if ($ref === undefined) return { schema, document };
  const [file, pointer = ''] = $ref.split('#');
  const target = file ? join(document, '..', file) : document;
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], documentAt(target));
  const inner = resolved({ schema: found as Schema, document: target });
  return { schema: { ...inner.schema, ...beside }, document: inner.document };
}

/** The item of a list written in the file itself: a list kept in a spreadsheet is not generated. */
export function itemOf(list: Located): Located {
  const { schema, document } = resolved(list);
  const item = resolved({ schema: schema.items ?? {}, document });
  const written = item.schema['else'] as Schema | undefined;
  return written ? resolved({ schema: written, document: item.document }) : item;
}

/** The schema of a property of an object. */
export function propertyOf(object: Located, name: string): Located | undefined {
  const { schema, document } = resolved(object);
  const property = schema.properties?.[name];
  return property && resolved({ schema: property, document });
}

/** The schema of the list at a path of the network (`protocole/etapes`). */
export function listAt(kind: string, path: string): Located | undefined {
  return path
    .split('/')
    .reduce<Located | undefined>((at, step) => at && propertyOf(at, step), schemaOf(kind));
}
