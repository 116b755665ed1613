import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { readClientKeys } from '../../src/api/auth/client-keys.ts';
import type { ClientConfig } from '../../src/config.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type RunningApi, startApi } from './start-api.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid });

const jwks = JSON.stringify({
  keys: [
    jwk(rsa.publicKey, 'rsa-1'),
    jwk(ec.publicKey, 'ec-1'),
    jwk(rsa.publicKey, 'twice'),
    jwk(other.publicKey, 'twice'),
  ],
});
const smart = (id: string, roles: ClientConfig['roles'], keys = jwks): ClientConfig => ({
  id,
  tenant: 'west',
  auth: { kind: 'smart', jwks: keys },
  roles,
});

let database: TestDatabase;
let api: RunningApi;
let second: RunningApi;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jwks-'));
  const file = join(folder, 'jwks.json');
  await writeFile(file, jwks);
  const clients = [smart('hospital', ['placer', 'admin']), smart('viewer', ['reader'], file)];
  database = await freshDatabase();
  api = await startApi(database.store, { clients });
  second = await startApi(database.store, { clients });
});
afterAll(async () => {
  await api.close();
  await second.close();
  await database.close();
  await rm(folder, { recursive: true });
});

type Claims = {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number | null;
  jti?: string | null;
};
type Header = { alg?: string; kid?: string; jku?: string; typ?: string };
const now = () => Math.floor(Date.now() / 1000);
const tokenUrl = () => `${api.url}/auth/token`;

async function assertion(
  claims: Claims = {},
  header: Header = {},
  key: KeyObject | Uint8Array = rsa.privateKey,
) {
  const { exp = now() + 120, jti = randomUUID(), iss = 'hospital', aud = tokenUrl() } = claims;
  const payload = {
    iss,
    sub: claims.sub ?? iss,
    aud,
    ...(exp === null ? {} : { exp }),
    ...(jti === null ? {} : { jti }),
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS384', kid: 'rsa-1', typ: 'JWT', ...header })
    .sign(key);
}

function form(clientAssertion: string, fields: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion,
    scope: 'system/*.read',
    ...fields,
  });
}

async function token(body: URLSearchParams, url = tokenUrl()) {
  const answer = await fetch(url, { method: 'POST', body });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

describe('SMART Backend Services, as server', () => {
  it('is discovered without credentials (SBS-01)', async () => {
    const found = (await (await fetch(`${api.url}/fhir/.well-known/smart-configuration`)).json()) as object;
    expect(found).toMatchObject({
      token_endpoint: tokenUrl(),
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    });
  });

  it('grants a short-lived token for RS384 and for ES384, which opens /fhir (SBS-03, SBS-05)', async () => {
    const es384 = await assertion({}, { alg: 'ES384', kid: 'ec-1' }, ec.privateKey);
    for (const signed of [await assertion(), es384]) {
      const { status, headers, body } = await token(form(signed));
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'system/*.read' });
      const authorization = { Authorization: `Bearer ${String(body['access_token'])}` };
      expect((await fetch(`${api.url}/fhir/Organization`, { headers: authorization })).status).toBe(200);
      expect((await fetch(`${second.url}/fhir/Organization`, { headers: authorization })).status).toBe(200);
    }
  });

  it('takes an assertion once, at whichever gateway of the database (SBS-04)', async () => {
    const jti = randomUUID();
    expect((await token(form(await assertion({ jti })))).status).toBe(200);
    const replay = await assertion({ jti });
    expect(await token(form(replay))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const elsewhere = await assertion({ jti, aud: `${second.url}/auth/token` });
    expect((await token(form(elsewhere), `${second.url}/auth/token`)).status).toBe(401);
    expect((await token(form(await assertion({ jti, iss: 'viewer' })))).status).toBe(200);
  });

  it('takes an assertion once even when it comes ten times at the same moment', async () => {
    const signed = await assertion();
    const answers = await Promise.all(Array.from({ length: 10 }, () => token(form(signed))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it.each<[string, Claims, Header]>([
    ['for another audience', { aud: 'https://elsewhere.example/auth/token' }, {}],
    ['expired', { exp: now() - 60 }, {}],
    ['valid for more than five minutes', { exp: now() + 400 }, {}],
    ['without exp', { exp: null }, {}],
    ['without jti', { jti: null }, {}],
    ['with a boundless jti', { jti: 'x'.repeat(257) }, {}],
    ['of a stranger', { iss: 'stranger' }, {}],
    ['whose subject is another client', { sub: 'viewer' }, {}],
    ['with an unknown kid', {}, { kid: 'rsa-2' }],
    ['whose kid names two keys', {}, { kid: 'twice' }],
    ['whose kid names a key of another type', {}, { kid: 'ec-1' }],
    ['with a jku that nobody registered', {}, { jku: 'https://elsewhere.example/jwks' }],
    ['of another type of token', {}, { typ: 'at+jwt' }],
    ['under an algorithm that is not offered', {}, { alg: 'RS256' }],
  ])('refuses an assertion %s', async (_case, claims, header) => {
    const answer = await token(form(await assertion(claims, header)));
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('refuses alg none, HMAC with the public key, and another key under a known kid', async () => {
    const claims = { iss: 'hospital', sub: 'hospital', aud: tokenUrl(), exp: now() + 60, jti: randomUUID() };
    const unsigned = new UnsecuredJWT(claims).encode();
    const pem = Buffer.from(rsa.publicKey.export({ format: 'pem', type: 'spki' }));
    const confused = await assertion({}, { alg: 'HS256' }, pem);
    const forged = await assertion({}, {}, other.privateKey);
    const unnamed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS384' }).sign(rsa.privateKey);
    for (const signed of [unsigned, confused, forged, unnamed, 'nonsense', 'a.b.c'])
      expect(await token(form(signed))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('answers malformed requests in OAuth’s words (RFC 6749 §5.2)', async () => {
    const signed = await assertion();
    const doubled = form(signed);
    doubled.append('scope', 'system/*.write');
    expect(await token(doubled)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await token(form(signed, { grant_type: 'password' }))).body['error']).toBe(
      'unsupported_grant_type',
    );
    expect((await token(form(signed, { client_assertion_type: 'x' }))).body['error']).toBe('invalid_request');
    expect((await token(form(''))).body['error']).toBe('invalid_request');
    const json = await fetch(tokenUrl(), {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(json.status).toBe(415);
  });

  it('narrows scopes to the roles, and refuses when nothing is left', async () => {
    const wide = { scope: 'system/*.* launch passerelle/admin system/nonsense' };
    expect((await token(form(await assertion({ iss: 'viewer' }), wide))).body['scope']).toBe('system/*.rs');
    expect((await token(form(await assertion(), wide))).body['scope']).toBe('system/*.* passerelle/admin');
    const write = form(await assertion({ iss: 'viewer' }), { scope: 'system/Task.write' });
    expect((await token(write)).body).toEqual({ error: 'invalid_scope' });
  });

  it('holds a token to its scopes, in paths and in the entries of a transaction (P-38)', async () => {
    const scope = 'system/Organization.rs system/ServiceRequest.c';
    const { body } = await token(form(await assertion(), { scope }));
    const headers = {
      Authorization: `Bearer ${String(body['access_token'])}`,
      'Content-Type': 'application/fhir+json',
    };
    const entry = (type: string) => ({
      resource: { resourceType: type },
      request: { method: 'POST', url: type },
    });
    const post = (...types: string[]) =>
      fetch(`${api.url}/fhir`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: types.map(entry) }),
      });
    expect((await fetch(`${api.url}/fhir/Organization`, { headers })).status).toBe(200);
    expect((await fetch(`${api.url}/fhir/Task`, { headers })).status).toBe(403);
    expect((await post('ServiceRequest')).status).toBe(200);
    expect((await post('ServiceRequest', 'Patient')).status).toBe(403);
    expect((await fetch(`${api.url}/admin/v1/networks`, { headers })).status).toBe(403);
  });

  it('refuses an expired, foreign or altered access token', async () => {
    const claims = { scope: 'system/*.rs', sub: 'viewer', aud: 'passerelle', exp: now() + 60 };
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(new TextEncoder().encode('another deployment’s thirty-two bytes'));
    const { body } = await token(form(await assertion()));
    const [head, , tail] = String(body['access_token']).split('.');
    const altered = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), tail].join('.');
    const unsigned = new UnsecuredJWT(claims).encode();
    for (const bearer of [foreign, altered, unsigned, await assertion()]) {
      const answer = await fetch(`${api.url}/fhir/Organization`, {
        headers: { Authorization: `Bearer ${bearer}` },
      });
      expect(answer.status).toBe(401);
    }
  });
});

describe('registered keys', () => {
  it.each([
    ['a file that is not there', '/nowhere/jwks.json'],
    ['no JSON', '{'],
    ['no keys', '{"keys":[]}'],
    ['a key without kid', JSON.stringify({ keys: [rsa.publicKey.export({ format: 'jwk' })] })],
    ['a private key', JSON.stringify({ keys: [jwk(rsa.privateKey, 'x')] })],
    ['a symmetric key', '{"keys":[{"kty":"oct","kid":"x","k":"AAAA"}]}'],
  ])('are refused at start for %s, naming the client', (_case, text) => {
    expect(() => readClientKeys([smart('hospital', [], text)])).toThrow(/Client hospital : auth.jwks/);
  });
});
