import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ServerConfig } from '../../src/config.ts';
import { createLog, type Log } from '../../src/log.ts';
import type { SeenRequest } from '../../src/sandbox/fault.ts';
import { type Hospital, type HospitalOptions, startHospital } from '../../src/sandbox/hospital.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer } from './open-server.ts';
import { newOrganization } from './resources.ts';

type Keys = { privateKeyJwk: string; jwks: { keys: JWK[] } };
const keys: Record<string, Keys> = {};
const scope = 'system/*.cruds';
let hospital: Hospital;
let server: FhirServer;
let seen: SeenRequest[];

beforeAll(async () => {
  for (const alg of ['RS384', 'ES384', 'ES256']) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const [publicKey, privateKey] = await Promise.all([
      exportJWK(pair.publicKey),
      exportJWK(pair.privateKey),
    ]);
    const kid = `cle-${alg}`;
    keys[alg] = {
      privateKeyJwk: JSON.stringify({ ...privateKey, kid }),
      jwks: { keys: [{ ...publicKey, kid }] },
    };
  }
});
afterEach(async () => {
  await server.close();
  await hospital.close();
});

async function open(
  alg: string,
  changes: Partial<Extract<ServerConfig['auth'], { kind: 'smart' }>> = {},
  options: Partial<HospitalOptions> = {},
  log?: Log,
): Promise<void> {
  seen = [];
  const auth = {
    kind: 'smart',
    clientId: 'passerelle',
    jwks: keys[alg === 'ES256' ? 'ES384' : alg]!.jwks,
  } as const;
  hospital = await startHospital({ name: 'SMART', ids: 'client', auth, ...options });
  hospital.setFaults((request) => {
    seen.push(request);
    return undefined;
  });
  const own = {
    kind: 'smart',
    clientId: 'passerelle',
    privateKeyJwk: keys[alg]!.privateKeyJwk,
    scope,
    ...changes,
  } as const;
  server = openServer(hospital.base, { auth: own }, log ?? createLog('silent'));
}

const asked = (path: string): number => seen.filter((request) => request.path === path).length;

describe('SMART Backend Services', () => {
  it.each(['RS384', 'ES384'])(
    'signs in with %s after reading where tokens are given (SBS-01, SBS-02)',
    async (alg) => {
      await open(alg);
      expect(await server.read('Patient', 'nobody')).toEqual({ state: 'missing' });
      expect(await server.transaction([newOrganization()])).toHaveLength(1);
      expect(asked('.well-known/smart-configuration')).toBe(1);
      expect(asked('auth/token')).toBe(1);
    },
  );

  it('asks for one token when many calls start at once (SBS-05)', async () => {
    await open('ES384');
    await Promise.all(Array.from({ length: 10 }, () => server.read('Patient', 'nobody')));
    expect(asked('auth/token')).toBe(1);
  });

  it('uses the configured token address without asking where it is', async () => {
    await open('ES384');
    await server.close();
    const auth = {
      kind: 'smart',
      clientId: 'passerelle',
      privateKeyJwk: keys['ES384']!.privateKeyJwk,
      scope,
      tokenUrl: `${hospital.base}/auth/token`,
    } as const;
    server = openServer(hospital.base, { auth });
    await server.read('Patient', 'nobody');
    expect(asked('.well-known/smart-configuration')).toBe(0);
  });

  it('drops a refused token once and repeats the request once, a write too (SBS-05)', async () => {
    await open('ES384');
    await server.read('Patient', 'nobody');
    hospital.revokeTokens();
    expect(await server.transaction([newOrganization()])).toHaveLength(1);
    expect(asked('auth/token')).toBe(2);
  });

  it('gives up when the fresh token is refused as well: our credentials are at fault', async () => {
    await open('ES384');
    hospital.setFaults((request) => {
      seen.push(request);
      return request.path.startsWith('Patient') ? { kind: 'answer', status: 401 } : undefined;
    });
    await expect(server.read('Patient', 'nobody')).rejects.toMatchObject({
      category: 'unauthenticated',
      side: 'gateway',
      retryable: false,
    });
    expect(asked('auth/token')).toBe(2);
  });

  it('renews a token before it ends', async () => {
    let now = Date.now();
    const clock = { now: () => now };
    await open('ES384', {}, { clock });
    await server.close();
    const { createServer } = await import('../../src/server/create-server.ts');
    const { systemClock, systemIds } = await import('../../src/clock.ts');
    const { serverConfig } = await import('./open-server.ts');
    const auth = {
      kind: 'smart',
      clientId: 'passerelle',
      privateKeyJwk: keys['ES384']!.privateKeyJwk,
      scope,
    } as const;
    server = createServer(serverConfig(hospital.base, { auth }), {
      clock: { ...systemClock, now: clock.now },
      ids: systemIds,
      log: createLog('silent'),
    });
    for (const step of [0, 200_000, 71_000, 1000]) {
      now += step;
      await server.read('Patient', 'nobody');
    }
    expect(asked('auth/token')).toBe(2);
  });

  it('says that our key is refused when another one is registered', async () => {
    await open('ES384', { clientId: 'somebody-else' });
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      category: 'unauthenticated',
      side: 'gateway',
      message: expect.stringContaining('notre clé'),
    });
  });

  it.each([
    ['an algorithm outside the standard', 'ES256', {}],
    ['no JSON', 'ES384', { privateKeyJwk: 'not json' }],
    ['no private part', 'ES384', { privateKeyJwk: '{"kty":"EC","crv":"P-384","kid":"a"}' }],
  ])('says that the configured key is unusable: %s (SBS-06)', async (_name, alg, changes) => {
    await open(alg, changes);
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      category: 'fault',
      side: 'gateway',
      retryable: false,
    });
    expect(asked('auth/token')).toBe(0);
  });

  it('calls an authorisation server that is down unavailable', async () => {
    await open('ES384');
    hospital.setFaults(({ path }) => (path === 'auth/token' ? { kind: 'answer', status: 503 } : undefined));
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unavailable',
      side: 'server',
    });
  });

  it.each([
    ['is absent', { kind: 'answer', status: 404 } as const],
    ['is a web page', { kind: 'answer', status: 200, body: '<html>' } as const],
    [
      'sends the assertion in clear to a stranger',
      { kind: 'answer', status: 200, body: '{"token_endpoint":"http://192.0.2.1/token"}' } as const,
    ],
  ])('signs nothing when the discovery document %s', async (_name, fault) => {
    await open('ES384');
    hospital.setFaults(({ path }) => (path.startsWith('.well-known') ? fault : undefined));
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unavailable',
      side: 'server',
    });
  });

  it('notes a scope that was granted only in part', async () => {
    const events: string[] = [];
    const keep = (event: string): void => void events.push(event);
    await open('ES384', {}, {}, { info: keep, warn: keep, error: keep });
    const body = '{"access_token":"t","token_type":"Bearer","expires_in":300,"scope":"system/Patient.r"}';
    hospital.setFaults(({ path }) =>
      path === 'auth/token' ? { kind: 'answer', status: 200, body } : undefined,
    );
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({ category: 'unauthenticated' });
    expect(events).toContain('server.scope-narrowed');
  });
});

describe('basic authentication', () => {
  it('opens with the right password and is our fault with a wrong one', async () => {
    hospital = await startHospital({
      name: 'Basic',
      ids: 'client',
      auth: { kind: 'basic', user: 'é', password: 'à:b' },
    });
    server = openServer(hospital.base, { auth: { kind: 'basic', user: 'é', password: 'à:b' } });
    expect(await server.read('Patient', 'nobody')).toEqual({ state: 'missing' });
    await server.close();
    server = openServer(hospital.base, { auth: { kind: 'basic', user: 'é', password: 'wrong' } });
    await expect(server.read('Patient', 'nobody')).rejects.toMatchObject({
      category: 'unauthenticated',
      side: 'gateway',
    });
  });
});
