/** The signed statement that asks for a token (SBS-02): RS384 for RSA keys, ES384 for P-384 keys. */
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Clock, Ids } from '../clock.ts';
import { GatewayError } from '../fhir/error.ts';

/** At most five minutes are allowed; two leave room for clocks that differ. */
const lifetimeS = 120;

type Registration = { clientId: string; privateKeyJwk: string };

/** A fresh JWT for one token request. Throws `fault` when the configured key is no usable private JWK (SBS-06). */
export async function createAssertion(
  server: string,
  { clientId, privateKeyJwk }: Registration,
  tokenUrl: string,
  { clock, ids }: { clock: Clock; ids: Ids },
): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  try {
    const jwk = JSON.parse(privateKeyJwk) as JWK;
    const alg = jwk.kty === 'RSA' ? 'RS384' : jwk.kty === 'EC' && jwk.crv === 'P-384' ? 'ES384' : undefined;
    if (!alg || !jwk.kid || !jwk.d) throw new TypeError('neither RSA nor P-384, or without kid or d');
    return await new SignJWT({})
      .setProtectedHeader({ alg, kid: jwk.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(tokenUrl)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeS)
      .setJti(ids.uuid())
      .sign(await importJWK(jwk, alg));
  } catch {
    throw new GatewayError({
      category: 'fault',
      side: 'gateway',
      retryable: false,
      message: `Serveur « ${server} » : « privateKeyJwk » n’est pas une clé privée JWK utilisable (RSA ou P-384, avec « kid »).`,
    });
  }
}
