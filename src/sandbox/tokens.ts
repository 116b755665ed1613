/** SMART Backend Services, server side (SBS-02 to SBS-05): signed assertions in, short-lived tokens out. */
import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Answer } from './answer.ts';

export type Tokens = {
  discovery(): object;
  /** Answers a token request (form-encoded body). */
  issue(form: string): Promise<Answer>;
  isLive(token: string): boolean;
  /** Makes every token worthless at once. */
  revokeAll(): void;
};

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const algorithms = ['RS384', 'ES384'];

export function createTokens(
  { clientId, jwks, lifetimeS = 300 }: { clientId: string; jwks: JSONWebKeySet; lifetimeS?: number },
  base: string,
  clock: { now(): number },
): Tokens {
  const endpoint = `${base}/auth/token`;
  const keys = createLocalJWKSet(jwks);
  const live = new Map<string, number>();
  const usedIds = new Set<string>();

  return {
    discovery: () => ({
      token_endpoint: endpoint,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      scopes_supported: ['system/*.cruds'],
      capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    }),
    async issue(form) {
      const fields = new URLSearchParams(form);
      const sound =
        fields.get('grant_type') === 'client_credentials' &&
        fields.get('client_assertion_type') === assertionType &&
        (await isSound(fields.get('client_assertion') ?? ''));
      if (!sound) return { status: 401, body: { error: 'invalid_client' } };
      const token = randomBytes(24).toString('base64url');
      live.set(token, clock.now() + lifetimeS * 1000);
      const scope = fields.get('scope') ?? '';
      return {
        status: 200,
        body: { access_token: token, token_type: 'bearer', expires_in: lifetimeS, scope },
      };
    },
    isLive: (token) => (live.get(token) ?? 0) > clock.now(),
    revokeAll: () => live.clear(),
  };

  /** Right signer, audience and lifetime, and never seen before. */
  async function isSound(assertion: string): Promise<boolean> {
    try {
      const { payload, protectedHeader } = await jwtVerify(assertion, keys, {
        algorithms,
        audience: endpoint,
        issuer: clientId,
        subject: clientId,
        requiredClaims: ['exp', 'jti'],
        currentDate: new Date(clock.now()),
      });
      const tooLong = payload.exp! > clock.now() / 1000 + 300;
      if (tooLong || protectedHeader.typ !== 'JWT' || !protectedHeader.kid || usedIds.has(payload.jti!))
        return false;
      usedIds.add(payload.jti!);
      return true;
    } catch {
      return false;
    }
  }
}
