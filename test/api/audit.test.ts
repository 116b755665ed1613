import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { logicalId } from '../../src/fhir/key.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { ids, key, seedPublished, seedReferral } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;
let requestId: string;

beforeAll(async () => {
  database = await freshDatabase();
  await seedPublished(database.store);
  await seedReferral(database.store);
  api = await startApi(database.store);
});
beforeEach(() => {
  requestId = randomUUID();
});
afterAll(async () => {
  await api.close();
  await database.close();
});

const ask = async (path: string, client: string | undefined, init: RequestInit = {}) => {
  const headers = { ...(client ? basic(client) : {}), 'X-Request-Id': requestId, ...init.headers };
  return (await fetch(`${api.url}${path}`, { ...init, headers })).status;
};
/** The rows of this request. */
const rows = async (tenant = 'west') =>
  (await database.store.audit.list(tenant, 1000))
    .filter((row) => row.requestId === requestId)
    .map(({ actor, action, outcome, entity }) => ({ actor, action, outcome, entity }));
const organization = logicalId('Organization', key('net-west'));
const json = { 'Content-Type': 'application/fhir+json' };

describe('audit of the edge (AUD-01, AUD-05, P-39)', () => {
  it.each([
    [`/fhir/Organization/${organization}`, 'read', { type: 'Organization', id: organization }],
    [`/fhir/Task/${ids.task}/_history/1`, 'vread', { type: 'Task', id: ids.task }],
    [`/fhir/Task/${ids.task}/_history`, 'history-instance', { type: 'Task', id: ids.task }],
    ['/fhir/Task/_history?_count=1', 'history-type', { type: 'Task', parameters: ['_count'] }],
    [
      `/fhir/Task?patient=${ids.patient}&status=accepted&secret=1`,
      'search-type',
      { type: 'Task', parameters: ['patient', 'status'] },
    ],
  ])('writes one row for %s', async (path, action, entity) => {
    expect(await ask(path, 'reader')).toBe(200);
    expect(await rows()).toEqual([{ actor: 'reader', action, outcome: 'done', entity }]);
  });

  it('writes one row in the tenant of the caller', async () => {
    expect(await ask('/fhir/Organization', 'east-reader')).toBe(200);
    expect(await rows('west')).toEqual([]);
    expect(await rows('east')).toHaveLength(1);
  });

  it('writes refusals with their status: unknown caller, wrong role, nothing there, limits', async () => {
    expect(await ask('/fhir/Organization', undefined)).toBe(401);
    expect(await ask('/fhir', 'reader', { method: 'POST', body: '{}', headers: json })).toBe(403);
    expect(await ask(`/fhir/Task/${ids.stranger}`, 'reader')).toBe(404);
    expect(await ask('/fhir/Task', 'reader', { method: 'DELETE' })).toBe(405);
    expect(
      await ask('/fhir', 'placer', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } }),
    ).toBe(415);
    expect(
      await ask('/auth/token', undefined, { method: 'POST', body: new URLSearchParams({ a: 'b' }) }),
    ).toBe(400);
    expect((await rows()).reverse()).toEqual([
      { actor: 'anonymous', action: 'unknown', outcome: 'refused', entity: { status: 401 } },
      { actor: 'reader', action: 'transaction', outcome: 'refused', entity: { status: 403 } },
      {
        actor: 'reader',
        action: 'read',
        outcome: 'refused',
        entity: { type: 'Task', id: ids.stranger, status: 404 },
      },
      { actor: 'reader', action: 'unknown', outcome: 'refused', entity: { type: 'Task', status: 405 } },
      { actor: 'placer', action: 'transaction', outcome: 'refused', entity: { status: 415 } },
      {
        actor: 'anonymous',
        action: 'token',
        outcome: 'refused',
        entity: { error: 'unsupported_grant_type', status: 401 },
      },
    ]);
  });

  it('leaves accepted writes to the room that does them, in its transaction', async () => {
    const body = '{"resourceType":"Bundle","type":"transaction"}';
    expect(await ask('/fhir', 'placer', { method: 'POST', body, headers: json })).toBe(200);
    expect(await rows()).toEqual([]);
    expect(api.asked.at(-1)?.context.requestId).toBe(requestId);
  });

  it('writes what administrators ask', async () => {
    expect(
      await ask('/admin/v1/operations/plan', 'admin', { method: 'POST', body: '{}', headers: json }),
    ).toBe(200);
    expect(await ask('/admin/v1/findings', 'admin')).toBe(200);
    expect((await rows()).map(({ action }) => action)).toEqual(['admin-findings', 'admin-plan']);
  });

  it('shows nothing that it cannot record', async () => {
    const store = {
      ...database.store,
      audit: { ...database.store.audit, add: () => Promise.reject(new Error('disk full')) },
    };
    const unrecorded = await startApi(store);
    const answer = await fetch(`${unrecorded.url}/fhir/Task/${ids.task}`, { headers: basic('reader') });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('accepted');
    const refused = await fetch(`${unrecorded.url}/fhir/Task/pas-none`, { headers: basic('reader') });
    expect(refused.status).toBe(404);
    expect(unrecorded.logged.map(({ event }) => event)).toContain('api.audit-lost');
    await unrecorded.close();
  });
});
