/** Files that a command is given. */
import { readFile } from 'node:fs/promises';
import { GatewayError } from '../fhir/error.ts';

/** The text of a file. Throws `invalid` (side: sender) when it cannot be read. */
export async function readInput(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw refusal(`Fichier introuvable ou illisible : ${file}`, cause);
  });
}

/** JSON text as a value; `source` names the file and, where it helps, the line. Throws `invalid` (side: sender). */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal(`${source} n’est pas du JSON : le fichier est tronqué ou d’un autre format.`, cause);
  }
}

function refusal(message: string, cause: unknown): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'sender', message, cause });
}
