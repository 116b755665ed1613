/**
 * Keywords of our own in the schemas, for what FHIR says of every object: JSON Schema can say the same in alternatives, which
 * cost an error object for each one that does not hold.
 */
import type { AnySchema, Ajv2020, CodeKeywordDefinition, KeywordCxt } from 'ajv/dist/2020.js';
import { _, type Code, getProperty, Name, or, stringify } from 'ajv/dist/compile/codegen/index.js';
import { resetErrorsCount } from 'ajv/dist/compile/errors.js';
import type { Schema } from './definitions.ts';

/** Adds them to a compiler. */
export function addKeywords(ajv: Ajv2020): void {
  for (const keyword of [someOf, atMostOneOf, filled, base64, slices]) ajv.addKeyword(keyword);
}

/** `someOf: [names]`: at least one of the properties is there, or one of their `_` twins. */
const someOf: CodeKeywordDefinition = {
  keyword: 'someOf',
  type: 'object',
  schemaType: 'array',
  code(cxt: KeywordCxt) {
    const names = (cxt.schema as string[]).flatMap((name) => [name, `_${name}`]);
    if (names.length > manyNames) return cxt.fail(_`!${anyOfMany(cxt, names)}`);
    cxt.pass(or(...names.map((name) => _`${cxt.data}${getProperty(name)} !== undefined`)));
  },
};

/** `atMostOneOf: [names]`: not two of the properties; a property and its `_` twin are one. */
const atMostOneOf: CodeKeywordDefinition = {
  keyword: 'atMostOneOf',
  type: 'object',
  schemaType: 'array',
  code(cxt: KeywordCxt) {
    const { gen, data } = cxt;
    const names = setOf(cxt, cxt.schema as string[]);
    const first = gen.let('first');
    const second = gen.let('second', false);
    gen.forIn('key', data, (key) => {
      const name = gen.const('name', _`${key}.charCodeAt(0) === 95 ? ${key}.slice(1) : ${key}`);
      gen.if(_`${names}.has(${name})`, () =>
        gen.if(
          _`${first} === undefined`,
          _`${first} = ${name}`,
          _`if (${first} !== ${name}) ${second} = true`,
        ),
      );
    });
    cxt.fail(second);
  },
};

/** `filled: true`: an object has properties (FHIR R4 §2.6.2). */
const filled: CodeKeywordDefinition = {
  keyword: 'filled',
  type: 'object',
  schemaType: 'boolean',
  code(cxt: KeywordCxt) {
    const empty = cxt.gen.let('empty', true);
    cxt.gen.forIn('key', cxt.data, () => {
      cxt.gen.code(_`${empty} = false`);
      cxt.gen.code(_`break`);
    });
    cxt.fail(empty);
  },
};

/**
 * `base64: true`: groups of four letters, the last filled up, white space between them. White space is looked for first: the
 * expression for what has none needs no memory of its way, however long the text.
 */
const base64: CodeKeywordDefinition = {
  keyword: 'base64',
  type: 'string',
  schemaType: 'boolean',
  code(cxt: KeywordCxt) {
    const { gen, data } = cxt;
    const text = gen.const('text', _`/\\s/.test(${data}) ? ${data}.replace(/\\s+/g, "") : ${data}`);
    cxt.fail(_`${text}.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(${text})`);
  },
};

/** From here on a loop over what is there is cheaper than asking for each. */
const manyNames = 8;

function anyOfMany(cxt: KeywordCxt, names: readonly string[]): Name {
  const found = cxt.gen.let('found', false);
  const set = setOf(cxt, names);
  cxt.gen.forIn('key', cxt.data, (key) => {
    cxt.gen.if(_`${set}.has(${key})`, _`${found} = true`);
  });
  return found;
}

function setOf({ gen }: KeywordCxt, names: readonly string[]): Code {
  const key = JSON.stringify(names);
  return gen.scopeValue('schema', { key, ref: new Set(names), code: _`new Set(${stringify(names)})` });
}

/** One slice: `match` recognises its items, `then` is asked of them, `min` and `max` count them. */
export type SliceSchema = { name: string; match: Schema; then?: Schema; min?: number; max?: number };

/** `slices: [SliceSchema]` of a list (FHIR R4 §5.1.0.14): each item is recognised once for each slice. */
const slices: CodeKeywordDefinition = {
  keyword: 'slices',
  type: 'array',
  schemaType: 'array',
  error: { message: '', params: ({ params }) => _`{message: ${params['message']}}` },
  code(cxt: KeywordCxt) {
    const { gen, data, it } = cxt;
    const length = gen.const('length', _`${data}.length`);
    (cxt.schema as SliceSchema[]).forEach((slice, index) => {
      const part = (name: 'match' | 'then', item: Name) => ({
        schema: slice[name] as AnySchema,
        schemaPath: _`${it.schemaPath}.slices[${index}].${new Name(name)}`,
        topSchemaRef: it.topSchemaRef,
        errSchemaPath: `${it.errSchemaPath}/slices/${index}/${name}`,
        dataProp: item,
        dataPropType: 0,
      });
      const count = gen.let('count', 0);
      gen.forRange('item', 0, length, (item) => {
        const matches = gen.name('matches');
        const before = gen.const('before', _`errors`);
        cxt.subschema(
          { ...part('match', item), compositeRule: true, createErrors: false, allErrors: false },
          matches,
        );
        resetErrorsCount(gen, before); // not to match is no fault
        gen.if(matches, () => {
          gen.code(_`${count}++`);
          if (slice.then) cxt.subschema(part('then', item), gen.name('holds'));
        });
      });
      const fail = (condition: Code, message: string): void => {
        cxt.setParams({ message: stringify(message) });
        cxt.fail(condition);
      };
      if (slice.min) fail(_`${count} < ${slice.min}`, `au moins ${slice.min} « ${slice.name} » attendu`);
      if (slice.max !== undefined)
        fail(_`${count} > ${slice.max}`, `au plus ${slice.max} « ${slice.name} » permis`);
    });
  },
};
