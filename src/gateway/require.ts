/** Names that a caller gives must be names that something has. */
import { GatewayError } from '../fhir/error.ts';
import type { Parts } from './parts.ts';

/** A name that nobody has is a mistake of the caller, not an empty answer. */
export function requireServer({ servers }: Parts, id: string | undefined): void {
  if (id === undefined || servers.has(id)) return;
  throw unknown(`Serveur inconnu : « ${id} ». Ceux de la configuration : ${[...servers.keys()].join(', ')}.`);
}

/** What a caller named is not there. */
export function unknown(message: string): GatewayError {
  return new GatewayError({ category: 'not-found', side: 'sender', message });
}
