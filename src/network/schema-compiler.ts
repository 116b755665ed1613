/** JSON Schemas of network kinds compiled by ajv, with the formats and the one keyword they add. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject, DataValidationCxt } from 'ajv/dist/types/index.js';
import { type CheckResult, checkFiness, checkRpps, checkSiren } from '../fhir/identifiers.ts';
import { isPartialDate } from './partial-date.ts';
import type { Mention, SchemaCheck } from './kind.ts';

/** Formats that are check digits: official examples themselves fail some, so a wrong one is a warning (french-standards §6). */
export const checkDigitFormats: Readonly<Record<string, string>> = {
  finess: 'FINESS',
  rpps: 'RPPS',
  siren: 'SIREN',
};

const checks: Readonly<Record<string, (value: string) => CheckResult>> = {
  finess: checkFiness,
  rpps: checkRpps,
  siren: checkSiren,
};

/** Does the check digit of a value hold? Undefined where the format has none. */
export function checkDigitOf(format: string | undefined, value: string): boolean | undefined {
  const check = format === undefined ? undefined : checks[format];
  return check && check(value) !== 'wrong-digit';
}

/** Any base will do: it only lets `../network.schema.json` be resolved without a file system. */
const base = 'passerelle:/mappings/';

export type SchemaCompiler = {
  /** Makes a schema known under its path below `mappings/`, for others to refer to. */
  add(path: string, schema: AnySchemaObject): void;
  /** Compiles the schema at `mappings/<path>`. Throws when it is not a JSON Schema (draft 2020-12). */
  compile(path: string, schema: AnySchemaObject): SchemaCheck;
};

export function schemaCompiler(): SchemaCompiler {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    passContext: true,
    discriminator: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  });
  for (const [format, check] of Object.entries(checks))
    ajv.addFormat(format, (value: string) => check(value) !== 'wrong-digit');
  ajv.addFormat('partial-date', isPartialDate);
  ajv.addKeyword({
    keyword: 'x-reference',
    type: 'string',
    schemaType: 'string',
    errors: false,
    validate: collect,
  });
  ajv.addKeyword({ keyword: 'x-any-day', schemaType: 'boolean' });
  return {
    add: (path, schema) => void ajv.addSchema(schema, base + path),
    compile: (path, schema) => {
      ajv.addSchema(schema, base + path);
      const validate = ajv.getSchema(base + path)!;
      return (data) => {
        const mentions: Mention[] = [];
        const valid = validate.call(mentions, data);
        return { errors: valid ? [] : [...(validate.errors ?? [])], mentions };
      };
    },
  };
}

/** Never an error here: whether the id exists is for `references.ts`, which can say what was meant. */
function collect(
  this: Mention[],
  list: string,
  id: string,
  schema?: object,
  context?: DataValidationCxt,
): boolean {
  const anyDay = (schema as { 'x-any-day'?: boolean } | undefined)?.['x-any-day'] === true;
  this.push({ pointer: context?.instancePath ?? '', list, id, ...(anyDay ? { anyDay } : {}) });
  return true;
}
