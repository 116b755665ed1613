import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GatewayError } from '../fhir/error.ts';
import { closest } from '../network/closest.ts';
import { quoted } from '../network/fault.ts';
import { starterFile } from '../network/starter.ts';
import type { Knowledge } from './knowledge.ts';

/** A starter file of a kind, made on a day (`YYYY-MM-DD`), to stand in `folder`. Throws `not-found` for an unknown kind. */
export async function starterOf(
  name: string,
  folder: string,
  knowledge: Knowledge,
  day: string,
): Promise<string> {
  const kinds = await knowledge.kinds();
  const kind = kinds.get(name);
  if (kind) return starterFile(kind, { schema: schemaAddress(name, folder, knowledge), day });
  const meant = closest(name, [...kinds.keys()]);
  const hint = meant
    ? `Vouliez-vous dire ${quoted(meant)} ?`
    : `Types possibles : ${[...kinds.keys()].join(', ')}.`;
  const message = `Le type de réseau ${quoted(name)} est inconnu. ${hint}`;
  throw new GatewayError({ category: 'not-found', side: 'sender', message });
}

/** Beside or below the working folder the way there, which colleagues share; elsewhere the address on this machine. */
function schemaAddress(kind: string, folder: string, { folders }: Knowledge): string {
  const schema = join(folders.mappings, kind, 'schema.json');
  const shared = !relative(process.cwd(), schema).startsWith('..');
  const way = relative(resolve(folder), schema).split(sep).join('/');
  return shared ? way : pathToFileURL(schema).href;
}
