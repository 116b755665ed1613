/** Client assertions of SMART Backend Services, seen by the authorisation server (SBS-02, SBS-04; RFC 7523 §3). */
import { decodeJwt, decodeProtectedHeader, type JWK, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import type { Clock } from '../../clock.ts';
import type { SeenAssertions } from './seen-assertions.ts';

/** Key type that each algorithm of SBS-01 needs; no other algorithm is taken, so neither `none` nor HMAC. */
const keyTypes = { RS384: 'RSA', ES384: 'EC' } as const;
type Algorithm = keyof typeof keyTypes;

/** Algorithms a client may sign with. */
export const assertionAlgorithms = Object.keys(keyTypes) as Algorithm[];

/** An assertion may not be valid for longer (SBS-02). */
const maxLifeSeconds = 300;
/** Clocks of two machines differ a little. */
const toleranceSeconds = 10;
const maxJtiLength = 256;

export type AssertionDependencies = {
  keys: ReadonlyMap<string, readonly JWK[]>;
  /** The token endpoint's own URL, which must be the audience. */
  tokenUrl: string;
  clock: Clock;
  seen: SeenAssertions;
};

/** Id of the client that made the assertion, or undefined: the protocol answers one `invalid_client` for every reason. */
export async function verifyAssertion(
  assertion: string,
  { keys, tokenUrl, clock, seen }: AssertionDependencies,
): Promise<string | undefined> {
  try {
    const header = decodeProtectedHeader(assertion);
    const client = decodeJwt(assertion).iss ?? '';
    const algorithm = algorithmOf(header);
    const key = algorithm && onlyKey(keys.get(client) ?? [], header, algorithm);
    if (!algorithm || !key) return undefined;
    const now = Math.floor(clock.now() / 1000);
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: [algorithm],
      audience: tokenUrl,
      issuer: client,
      subject: client,
      currentDate: new Date(clock.now()),
      clockTolerance: toleranceSeconds,
      requiredClaims: ['exp', 'jti'],
    });
    const { exp = Infinity, jti } = payload;
    if (exp > now + maxLifeSeconds + toleranceSeconds) return undefined;
    if (typeof jti !== 'string' || jti.length === 0 || jti.length > maxJtiLength) return undefined;
    return (await seen.claim(client, jti, exp + toleranceSeconds, now)) ? client : undefined;
  } catch {
    return undefined;
  }
}

/** A `jku` would have to be the registered one; here key sets are registered by content, so none is. */
function algorithmOf(header: ProtectedHeaderParameters): Algorithm | undefined {
  if (header.jku !== undefined || (header.typ !== undefined && header.typ !== 'JWT')) return undefined;
  return assertionAlgorithms.find((algorithm) => algorithm === header.alg);
}

/** The one registered key with the header's kid; none when there are several, or of another type. */
function onlyKey(
  keys: readonly JWK[],
  header: ProtectedHeaderParameters,
  algorithm: Algorithm,
): JWK | undefined {
  const matching = keys.filter((key) => key.kid === header.kid);
  const [key] = matching;
  return matching.length === 1 && key?.kty === keyTypes[algorithm] ? key : undefined;
}
