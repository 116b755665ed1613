/** Client assertions of SMART Backend Services, seen by the authorisation server (SBS-02, SBS-04; RFC 7523 §3). */
import { decodeJwt, decodeProtectedHeader, type JWK, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import type { Clock } from '../../clock.ts';
import type { AssertionsRepository } from '../../store/assertions.ts';

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
  /** Which assertions were used, by whichever gateway. */
  seen: Pick<AssertionsRepository, 'claim'>;
};

/** Id of the client that made the assertion, or undefined: the protocol answers one `invalid_client` for every reason. */
export async function verifyAssertion(
  assertion: string,
  { keys, tokenUrl, clock, seen }: AssertionDependencies,
): Promise<string | undefined> {
  const now = new Date(clock.now());
  const proven = await prove(assertion, keys, tokenUrl, now).catch(() => undefined);
  if (!proven) return undefined;
  const first = await seen.claim(proven.client, proven.jti, proven.until, now);
  return first ? proven.client : undefined;
}

/** What an assertion proves, before asking whether it was used; undefined or rejected when it proves nothing. */
async function prove(
  assertion: string,
  keys: AssertionDependencies['keys'],
  tokenUrl: string,
  now: Date,
): Promise<{ client: string; jti: string; until: Date } | undefined> {
  const header = decodeProtectedHeader(assertion);
  const client = decodeJwt(assertion).iss ?? '';
  const algorithm = algorithmOf(header);
  const key = algorithm && onlyKey(keys.get(client) ?? [], header, algorithm);
  if (!algorithm || !key) return undefined;
  const { payload } = await jwtVerify(assertion, key, {
    algorithms: [algorithm],
    audience: tokenUrl,
    issuer: client,
    subject: client,
    currentDate: now,
    clockTolerance: toleranceSeconds,
    requiredClaims: ['exp', 'jti'],
  });
  const { exp = Infinity, jti } = payload;
  if (exp > now.getTime() / 1000 + maxLifeSeconds + toleranceSeconds) return undefined;
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > maxJtiLength) return undefined;
  return { client, jti, until: new Date((exp + toleranceSeconds) * 1000) };
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
