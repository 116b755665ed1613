/** Secrets of a configuration: the file names where each is, never the secret itself. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fault } from './config-faults.ts';
import type { Environment } from './config.ts';
import type { Issue } from './fhir/issue.ts';
import type { SourceDocument } from './mapping/types.ts';

/** Fields that hold secrets: they name where the secret is, never the secret. */
const secretFields = new Set(['password', 'privateKeyJwk', 'key', 'notifySecret']);

const secretReference = /\$\{(env|file):([^}]+)\}/g;

/** A copy of the content with `${env:NAME}` and `${file:PATH}` replaced; what cannot be found becomes an issue. */
export function resolveSecrets(
  document: SourceDocument,
  environment: Environment,
  folder: string,
  issues: Issue[],
): unknown {
  return visit(document.data, '');

  function visit(value: unknown, pointer: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${pointer}/${index}`));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, child]) => [name, visit(child, `${pointer}/${name}`)]),
      );
    }
    if (typeof value !== 'string') return value;
    const field = pointer.slice(pointer.lastIndexOf('/') + 1);
    if (secretFields.has(field) && !value.includes('${')) {
      issues.push(
        fault(
          document,
          pointer,
          `« ${field} » : écrivez \${env:NOM} ou \${file:CHEMIN}, jamais le secret lui-même.`,
        ),
      );
    }
    return value.replace(secretReference, (_whole, kind: string, name: string) => {
      const found =
        kind === 'env' ? environment[name] : fileText(isAbsolute(name) ? name : join(folder, name));
      if (!found) {
        const what =
          kind === 'env'
            ? `la variable d’environnement ${name} est vide`
            : `le fichier ${name} est illisible ou vide`;
        issues.push(fault(document, pointer, `« ${field} » : ${what}.`));
      }
      return found ?? '';
    });
  }
}

function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
