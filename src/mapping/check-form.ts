/** The form of mapping files, checked by JSON Schema (mappings/mapping.schema.json) when they are loaded. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../mappings/mapping.schema.json' with { type: 'json' };
import type { Issue } from '../fhir/issue.ts';
import { locate } from './locate.ts';
import type { SourceDocument } from './types.ts';

type Form = 'mapping' | 'parts' | 'codeTable';

let ajv: Ajv2020 | undefined;
const compiled = new Map<Form, ValidateFunction>();
/** Documents that had the form: several mappings draw on the same tables and parts. */
const accepted = new WeakMap<SourceDocument, Form>();

/** Issues with file, line and column; none when the file has the form. */
export function checkForm(document: SourceDocument, form: Form): Issue[] {
  if (accepted.get(document) === form) return [];
  let validate = compiled.get(form);
  if (!validate) {
    ajv ??= new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).addSchema(
      schema,
      'mapping',
    );
    validate = ajv.compile({ $ref: `mapping#/$defs/${form}` });
    compiled.set(form, validate);
  }
  if (validate(document.data)) {
    accepted.set(document, form);
    return [];
  }
  return (validate.errors ?? []).filter(isCause).map((error) => ({
    severity: 'error',
    code: 'structure',
    message: messageOf(error),
    source: locate(document, error.instancePath + stepOf(error)),
  }));
}

/** Errors that only repeat that a part did not match are left out. */
function isCause(error: ErrorObject): boolean {
  return !['if', 'anyOf', 'oneOf', 'allOf'].includes(error.keyword);
}

function stepOf(error: ErrorObject): string {
  const name = (error.params as { additionalProperty?: string; propertyName?: string }).additionalProperty;
  return name === undefined ? '' : `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function messageOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return `« ${String(params['additionalProperty'])} » n'est pas un mot du format.`;
    case 'required':
      return `Il manque « ${String(params['missingProperty'])} ».`;
    case 'dependentRequired':
      return `Avec « ${String(params['property'])} » il faut aussi « ${String(params['missingProperty'])} ».`;
    case 'enum':
      return `Valeur inconnue ; connues : ${(params['allowedValues'] as unknown[]).join(', ')}.`;
    case 'type':
      return `Type attendu : ${String(params['type'])}.`;
    case 'pattern':
      return 'Valeur mal écrite.';
    default:
      return `Forme refusée (${error.keyword}).`;
  }
}
