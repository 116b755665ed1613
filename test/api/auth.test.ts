import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { basic, ownerToken, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi(database.store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${api.url}${path}`, { ...init, headers });
const pair = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe('authentication', () => {
  it.each([
    ['nothing', {}],
    ['a wrong password', pair('placer', 'wrong')],
    ['an empty password', pair('placer', '')],
    ['an unknown client', pair('nobody', 'secret-placer')],
    ['an unknown client without password', pair('nobody', '')],
    ['a name of a prototype', pair('__proto__', '')],
    ['no colon', { Authorization: `Basic ${Buffer.from('placer').toString('base64')}` }],
    ['no base64', { Authorization: 'Basic ???' }],
    ['another scheme', { Authorization: 'Digest x' }],
    ['a made-up token', { Authorization: 'Bearer made-up' }],
    ['an empty token', { Authorization: 'Bearer ' }],
  ])('answers %s with 401, an OperationOutcome and what would do', async (_case, headers) => {
    const answer = await ask('/fhir/Organization', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/Basic .*Bearer /);
    expect(await answer.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'login' }],
    });
  });

  it('comes before anything of the body is read', async () => {
    const broken = { method: 'POST', body: '{{{' };
    const headers = { 'Content-Type': 'text/plain', 'Content-Encoding': 'br' };
    expect((await ask('/fhir', headers, broken)).status).toBe(401);
    expect((await ask('/fhir', { ...headers, ...basic('placer') }, broken)).status).toBe(415);
  });

  it('is asked for on every path but discovery', async () => {
    const open = [
      '/fhir/metadata',
      '/fhir/.well-known/smart-configuration',
      '/health/live',
      '/health/ready',
      '/metrics',
    ];
    for (const path of open) expect((await ask(path)).status).toBe(200);
    const closed = [
      '/fhir',
      '/fhir/Task/x',
      '/fhir/nothing/at/all',
      '/admin/v1/networks',
      '/admin/v1/nothing',
    ];
    for (const path of closed) expect((await ask(path)).status).toBe(401);
  });
});

describe('roles', () => {
  const post = (client: string, path: string, body: object) =>
    ask(
      path,
      { ...basic(client), 'Content-Type': 'application/fhir+json' },
      { method: 'POST', body: JSON.stringify(body) },
    );
  const transaction = { resourceType: 'Bundle', type: 'transaction', entry: [] };

  it('decide who may do what', async () => {
    expect((await post('placer', '/fhir', transaction)).status).toBe(200);
    for (const client of ['fulfiller', 'reader', 'admin'])
      expect((await post(client, '/fhir', transaction)).status).toBe(403);
    const encounter = { resourceType: 'Encounter', status: 'finished' };
    expect((await post('fulfiller', '/fhir/Encounter', encounter)).status).toBe(201);
    expect((await post('placer', '/fhir/Encounter', encounter)).status).toBe(403);
    for (const client of ['placer', 'fulfiller', 'reader'])
      expect((await ask('/fhir/Organization', basic(client))).status).toBe(200);
    expect((await ask('/fhir/Organization', basic('admin'))).status).toBe(403);
  });

  it('keep the admin endpoint to administrators and the folder’s owner', async () => {
    expect((await ask('/admin/v1/networks', basic('admin'))).status).toBe(200);
    expect((await ask('/admin/v1/networks', { Authorization: `Bearer ${ownerToken}` })).status).toBe(200);
    for (const client of ['placer', 'fulfiller', 'reader'])
      expect((await ask('/admin/v1/networks', basic(client))).status).toBe(403);
    expect((await ask('/fhir/Organization', { Authorization: `Bearer ${ownerToken}` })).status).toBe(403);
  });

  it('pass the credential’s tenant to the room behind, whatever the body says (P-36)', async () => {
    await post('placer', '/fhir', { ...transaction, meta: { tag: [{ code: 'east' }] }, tenant: 'east' });
    expect(api.asked.at(-1)?.context.caller).toMatchObject({
      tenant: 'west',
      client: 'placer',
      server: 'ghu',
    });
  });
});

describe('X-Request-Id (AUD-05)', () => {
  it('is taken from the sender, given to the room behind, and returned', async () => {
    const answer = await ask('/fhir/metadata', { 'X-Request-Id': 'their-id.42' });
    expect(answer.headers.get('x-request-id')).toBe('their-id.42');
  });

  it.each(['with blank', 'x'.repeat(65), 'quote"', 'a,b'])(
    'is made anew where the sender’s is not harmless: %s',
    async (id) => {
      const answer = await ask('/fhir/metadata', { 'X-Request-Id': id });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
