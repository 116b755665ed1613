/** Public keys that clients registered for SMART Backend Services (SBS-06), read once when the gateway starts. */
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import type { ClientConfig } from '../../config.ts';
import { GatewayError } from '../../fhir/error.ts';

/** Keys of each client that authenticates by assertion. Throws `invalid` when a key set cannot be used. */
export function readClientKeys(clients: readonly ClientConfig[]): ReadonlyMap<string, readonly JWK[]> {
  const entries = clients.flatMap((client) =>
    client.auth.kind === 'smart' ? [[client.id, keysOf(client.id, client.auth.jwks)] as const] : [],
  );
  return new Map(entries);
}

/** `jwks` is the key set itself or the path of a file that holds it. */
function keysOf(client: string, jwks: string): JWK[] {
  try {
    const text = jwks.trimStart().startsWith('{') ? jwks : readFileSync(jwks, 'utf8');
    const { keys } = JSON.parse(text) as { keys: JWK[] };
    if (keys.length > 0 && keys.every(isPublic)) return keys;
  } catch {
    // unreadable file, no JSON or no list of keys: told below, without the text
  }
  throw new GatewayError({
    category: 'invalid',
    side: 'gateway',
    message: `Client ${client} : auth.jwks doit être un JWKS de clés publiques, chacune avec kty et kid.`,
  });
}

function isPublic(key: JWK): boolean {
  return typeof key.kid === 'string' && typeof key.kty === 'string' && !('d' in key) && key.kty !== 'oct';
}
