/** Faults found by the schema of a kind, in words for the person who edits the file. */
import type { ErrorObject } from 'ajv';
import type { Issue, IssueCode } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { closest } from './closest.ts';
import { quoted } from './fault.ts';
import type { SchemaCheck } from './kind.ts';
import type { Network } from './network.ts';
import { checkDigitFormats } from './schema-compiler.ts';
import { pointerStep } from './tree.ts';

type Fault = { code: IssueCode; message: string; step?: string; severity?: 'warning' };
type Parameters = Record<string, unknown>;

/** One issue a fault; an unknown column of a list file is told once, not for every row. */
export function schemaIssues(network: Network, errors: ReturnType<SchemaCheck>['errors']): Issue[] {
  const toldColumns = new Set<string>();
  return errors.flatMap((error) => {
    if (consequences.has(error.keyword)) return [];
    const { code, message, step, severity = 'error' } = faultOf(error);
    const pointer = step === undefined ? error.instancePath : `${error.instancePath}/${pointerStep(step)}`;
    const source = locate(network, pointer);
    if (step !== undefined && source.file !== network.file) {
      const column = `${source.file}|${step}`;
      if (toldColumns.has(column)) return [];
      toldColumns.add(column);
    }
    return [{ severity, code, message, source, rule: `schema/${error.keyword}` }];
  });
}

/** Keywords that only repeat what another error already says. */
const consequences: ReadonlySet<string> = new Set(['if', 'anyOf', 'oneOf', 'allOf']);

function faultOf(error: ErrorObject): Fault {
  const parameters = error.params as Parameters;
  const field = quoted(fieldName(error.instancePath));
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(String(parameters['additionalProperty']), error);
    case 'required':
      return { code: 'required', message: `Il manque le champ ${quoted(parameters['missingProperty'])}.` };
    case 'dependentRequired':
      return {
        code: 'required',
        message: `Avec le champ ${quoted(parameters['property'])}, il faut aussi ${quoted(parameters['missingProperty'])}.`,
      };
    case 'type':
      return wrongType(field, String(parameters['type']), error.data);
    case 'enum':
      return unknownValue(error.data, parameters['allowedValues'] as unknown[]);
    case 'const':
      return { code: 'value', message: `Le champ ${field} vaut ici ${quoted(parameters['allowedValue'])}.` };
    case 'pattern':
      return {
        code: 'value',
        message: `${quoted(error.data)} ne convient pas. ${descriptionOf(error)}`.trim(),
      };
    case 'format':
      return wrongFormat(String(parameters['format']), error.data);
    case 'minLength':
      return { code: 'value', message: `Le champ ${field} est vide.` };
    case 'maxLength':
      return {
        code: 'too-long',
        message: `Le champ ${field} dépasse ${String(parameters['limit'])} caractères.`,
      };
    case 'minItems':
      return { code: 'required', message: `La liste ${field} est vide.` };
    case 'minProperties':
      return { code: 'required', message: 'Il faut au moins un champ ici.' };
    case 'uniqueItems':
      return { code: 'duplicate', message: `La liste ${field} contient deux fois la même valeur.` };
    default:
      return {
        code: 'structure',
        message: `Le champ ${field} n’a pas la forme attendue (${error.keyword}).`,
      };
  }
}

function unknownField(name: string, error: ErrorObject): Fault {
  const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
  const meant = closest(name, known);
  const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Champs possibles : ${known.join(', ')}.`;
  return { code: 'structure', message: `Le champ ${quoted(name)} est inconnu. ${hint}`, step: name };
}

function unknownValue(value: unknown, allowed: readonly unknown[]): Fault {
  const words = allowed.map(String);
  const meant = typeof value === 'string' ? closest(value, words) : undefined;
  const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Valeurs possibles : ${words.join(', ')}.`;
  return { code: 'value', message: `La valeur ${quoted(value)} est inconnue. ${hint}` };
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'des champs (nom: valeur)',
  array: 'une liste (une ligne « - » par élément)',
  string: 'un texte',
  boolean: 'true ou false',
};

function wrongType(field: string, expected: string, value: unknown): Fault {
  if (value === null) return { code: 'required', message: `Le champ ${field} est vide.` };
  return { code: 'structure', message: `Le champ ${field} attend ${typeNames[expected] ?? expected}.` };
}

function wrongFormat(format: string, value: unknown): Fault {
  const identifier = checkDigitFormats[format];
  if (identifier === undefined) {
    return { code: 'value', message: `${quoted(value)} n’est pas une date du calendrier (AAAA-MM-JJ).` };
  }
  const message = `La clé du numéro ${identifier} ${quoted(value)} est fausse : vérifiez les chiffres.`;
  return { code: 'value', message, severity: 'warning' };
}

function descriptionOf(error: ErrorObject): string {
  const description: unknown = error.parentSchema?.['description'];
  return typeof description === 'string' ? description : '';
}

/** The nearest field name around a value; the items of a list have none of their own. */
function fieldName(pointer: string): string {
  const named = pointer.split('/').filter((step) => step !== '' && !/^[0-9]+$/.test(step));
  return named.at(-1) ?? 'réseau';
}
