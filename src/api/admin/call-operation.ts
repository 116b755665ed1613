/** `POST /admin/v1/operations/:name`: the command line's own calls, over HTTP beside a running gateway (rule 9). */
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { GatewayError } from '../../fhir/error.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { JsonObject } from '../../fhir/types.ts';
import type { Operations } from '../../operations.ts';
import { type ArgumentSchema, type ArgumentValue, operationSchemas } from './operation-schemas.ts';

/** Calls an operation by name with arguments that are checked first. Throws `not-found` or `invalid`. */
export type CallOperation = (name: string, args: JsonObject) => Promise<unknown>;

type AnyOperation = (args: JsonObject) => Promise<unknown>;

/** True for the name of an operation; prototypes have no operations. */
export function isOperation(name: string): name is keyof Operations {
  return Object.hasOwn(operationSchemas, name);
}

/** Binds the operations to their checked arguments. */
export function createCallOperation(operations: Operations): CallOperation {
  const ajv = new Ajv({ allErrors: true });
  formats.default(ajv, ['date']);
  return async (name, args) => {
    if (!isOperation(name))
      throw new GatewayError({ category: 'not-found', side: 'sender', message: 'Opération inconnue.' });
    const check = ajv.compile(operationSchemas[name]); // when first called, then kept by ajv
    if (!check(args))
      throw new GatewayError({
        category: 'invalid',
        side: 'sender',
        message: 'Arguments refusés.',
        issues: (check.errors ?? [])
          .slice(0, maxIssues)
          .map((error) => issueOf(error, operationSchemas[name])),
      });
    return (operations as unknown as Record<string, AnyOperation>)[name]!(args);
  };
}

/** More issues than anybody reads are not told. */
const maxIssues = 100;

/** Names the argument and the rule: both are ours, the value is not. */
function issueOf(error: ErrorObject, schema: ArgumentSchema): Issue {
  const params = error.params as { missingProperty?: string; type?: string };
  const missing = error.keyword === 'required' ? `/${params.missingProperty}` : '';
  const argument = nameOfArgument(`${error.instancePath}${missing}`, schema);
  const rules: Record<string, string> = {
    required: `Argument obligatoire absent : ${argument}.`,
    additionalProperties: 'Argument inconnu de cette opération.',
    type: `Argument ${argument} : type ${params.type} attendu.`,
  };
  const message = rules[error.keyword] ?? `Argument ${argument} : valeur refusée (${error.keyword}).`;
  return { severity: 'error', code: 'invalid', message };
}

/** The argument that a pointer leads to; names that are the caller's own become `…`. */
function nameOfArgument(pointer: string, schema: ArgumentSchema): string {
  let at: ArgumentValue | undefined = schema;
  const names: string[] = [];
  for (const step of pointer.split('/').slice(1)) {
    const own: ArgumentValue | undefined =
      at?.type === 'object' && at.properties && Object.hasOwn(at.properties, step)
        ? at.properties[step]
        : undefined;
    names.push(own ? step : '…');
    at = own ?? (at?.type === 'object' && at.additionalProperties ? at.additionalProperties : undefined);
  }
  return names.join('.');
}
