/**
 * Access tokens of the gateway's own token endpoint (SBS-05): JWTs that only the gateways of one deployment can make
 * and read, under a key derived from the deployment's secret, so that any of them takes what another issued.
 */
import { hkdfSync } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Clock, Ids } from '../../clock.ts';

/** Seconds an access token lives (SBS-05 advises at most 300). */
export const accessTokenSeconds = 300;

const algorithm = 'HS256';
const tokenType = 'at+jwt';
const audience = 'passerelle';

/** What an access token says: the client and the scopes it was granted, blank separated. */
export type AccessGrant = { client: string; scope: string };

export type AccessTokens = {
  issue(grant: AccessGrant): Promise<string>;
  /** The grant of a token that is ours and still lives; undefined for any other text. */
  verify(token: string): Promise<AccessGrant | undefined>;
};

/** Tokens under a key derived from the deployment's secret. */
export function createAccessTokens(secret: string, clock: Clock, ids: Ids): AccessTokens {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'passerelle access token', 32));
  return {
    issue: ({ client, scope }) => {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ scope })
        .setProtectedHeader({ alg: algorithm, typ: tokenType })
        .setSubject(client)
        .setAudience(audience)
        .setJti(ids.uuid())
        .setIssuedAt(now)
        .setExpirationTime(now + accessTokenSeconds)
        .sign(key);
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          typ: tokenType,
          audience,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp', 'sub', 'scope'],
        });
        return { client: String(payload.sub), scope: String(payload['scope']) };
      } catch {
        return undefined; // why a token is refused is nobody's business but its maker's
      }
    },
  };
}
