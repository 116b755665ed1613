/** What is wrong in a configuration file, at its line and column. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Issue } from './fhir/issue.ts';
import type { SourceDocument } from './mapping/types.ts';
import { closest } from './network/closest.ts';

/** An error at a place of the file. */
export function fault(document: SourceDocument, pointer: string, message: string): Issue {
  const source = document.positionOf(pointer) ?? document.positionOf('');
  return { severity: 'error', code: 'value', message, ...(source ? { source } : {}) };
}

/** What the schema refused, in French. */
export function formIssue(error: ErrorObject, document: SourceDocument): Issue {
  const params = error.params as Record<string, unknown>;
  const field = error.instancePath.split('/').at(-1) ?? '';
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      const message = `Champ inconnu : « ${name} ». ${hint(name, known, 'Champs possibles')}`;
      return fault(document, `${error.instancePath}/${name}`, message);
    }
    case 'required':
      return fault(document, error.instancePath, `Il manque « ${String(params['missingProperty'])} ».`);
    case 'type':
      return fault(document, error.instancePath, `« ${field} » : ${String(params['type'])} attendu.`);
    case 'enum': {
      const value = String(error.data);
      const allowed = [...new Set((params['allowedValues'] as unknown[]).map(String))];
      const message = `Valeur inconnue : « ${value} ». ${hint(value, allowed, 'Valeurs possibles')}`;
      return fault(document, error.instancePath, message);
    }
    case 'discriminator':
      return fault(document, `${error.instancePath}/kind`, `« ${field} » : sorte (kind) inconnue.`);
    default:
      return fault(document, error.instancePath, `« ${field} » : valeur refusée (${error.keyword}).`);
  }
}

/** What was probably meant; otherwise everything that could stand there. */
function hint(word: string, candidates: readonly string[], title: string): string {
  const meant = closest(word, candidates);
  return meant ? `Vouliez-vous dire « ${meant} » ?` : `${title} : ${candidates.join(', ')}.`;
}
