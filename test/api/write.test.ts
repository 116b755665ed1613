import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logicalId } from '../../src/fhir/key.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { key, seedPublished } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  await seedPublished(database.store);
  api = await startApi(database.store, {
    validate: (resource, profiles = []) => [
      ...(resource['status'] === 'nonsense'
        ? [
            {
              severity: 'error' as const,
              code: 'value' as const,
              message: 'Statut inconnu.',
              expression: 'Task.status',
            },
          ]
        : []),
      ...profiles.map((profile) => ({
        severity: 'information' as const,
        code: 'informational' as const,
        message: `Contrôlé selon ${profile}`,
      })),
    ],
  });
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function send(
  method: string,
  path: string,
  client: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${api.url}/fhir${path}`, {
    method,
    headers: { ...basic(client), 'Content-Type': 'application/fhir+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  return { status: answer.status, headers: answer.headers, body: json };
}

const last = () => api.asked.at(-1)!;
const encounter = { resourceType: 'Encounter', status: 'finished' };
const task = { resourceType: 'Task', id: 'pas-9', status: 'accepted' };
const order = { resourceType: 'ServiceRequest', id: 'pas-9', status: 'active' };

describe('writes', () => {
  it('hand a transaction to the referral room with its bytes, its caller and its request id', async () => {
    const text = '{ "resourceType":"Bundle", "type":"transaction" }';
    const { status, body } = await send('POST', '', 'placer', text, { 'X-Request-Id': 'req-1' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { resourceType: 'Bundle', type: 'transaction-response' },
    });
    expect(last()).toMatchObject({
      room: 'transaction',
      context: { requestId: 'req-1', caller: { client: 'placer' } },
    });
    expect(last().posted.raw.toString()).toBe(text);
  });

  it('hand a document to the document room byte for byte (DOC-03)', async () => {
    const text = '{"type" : "document","resourceType":"Bundle","total":1.50}';
    expect((await send('POST', '/Bundle', 'fulfiller', text)).status).toBe(201);
    expect(last().room).toBe('document');
    expect(last().posted.raw.toString()).toBe(text);
    expect(
      (await send('POST', '/Bundle', 'fulfiller', { resourceType: 'Bundle', type: 'collection' })).status,
    ).toBe(400);
  });

  it('hand a document in its metadata to the document room, for a fulfiller alone (ITI-105)', async () => {
    const reference = { resourceType: 'DocumentReference', status: 'current' };
    const { status } = await send('POST', '/DocumentReference', 'fulfiller', reference);
    expect(status).toBe(201);
    expect(last()).toMatchObject({ room: 'publication', posted: { resource: reference } });
    expect((await send('POST', '/DocumentReference', 'placer', reference)).status).toBe(403);
  });

  it('answer a create with where it is and which version it has', async () => {
    const { status, headers, body } = await send('POST', '/Encounter', 'fulfiller', encounter);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${api.url}/fhir/Encounter/pas-1/_history/1`);
    expect(headers.get('etag')).toBe('W/"1"');
    expect(headers.get('last-modified')).toBe('Sun, 22 Nov 2026 10:00:00 GMT');
    expect(body).toMatchObject({ resourceType: 'Encounter', id: 'pas-1' });
    const minimal = await send('POST', '/Encounter', 'fulfiller', encounter, { Prefer: 'return=minimal' });
    expect(minimal).toMatchObject({ status: 201, body: undefined });
  });

  it('give the version of If-Match to the room, and none where none was named (CORE-03)', async () => {
    expect(
      (await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', order, { 'If-Match': 'W/"3"' })).status,
    ).toBe(200);
    expect(last().posted).toMatchObject({ id: 'pas-9', ifMatch: 3 });
    await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', order);
    expect(last().posted.ifMatch).toBeUndefined();
    expect((await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', order, { 'If-Match': '3' })).status).toBe(
      400,
    );
    expect(
      (await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', order, { 'If-Match': 'W/"abc"' })).status,
    ).toBe(412);
  });

  it('refuse what does not fit its path', async () => {
    expect((await send('PUT', '/ServiceRequest/pas-8', 'fulfiller', order)).status).toBe(400);
    expect(
      (await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', { ...encounter, id: 'pas-9' })).status,
    ).toBe(400);
    expect((await send('POST', '/Encounter', 'fulfiller', task)).status).toBe(400);
    expect(
      (await send('POST', '/Encounter', 'fulfiller', encounter, { 'If-None-Exist': 'identifier=x' })).status,
    ).toBe(400);
  });

  it('are validated before any room hears of them', async () => {
    const before = api.asked.length;
    const { status, body } = await send('PUT', '/ServiceRequest/pas-9', 'fulfiller', {
      ...order,
      status: 'nonsense',
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      issue: [{ code: 'value', details: { text: 'Statut inconnu.' }, expression: ['Task.status'] }],
    });
    expect(api.asked).toHaveLength(before);
  });

  it('turn a room’s refusal into its status, and an unforeseen failure into 500 without its words', async () => {
    const failing = await startApi(database.store, {
      exchange: {
        acceptTransaction: () =>
          Promise.reject(new GatewayError({ category: 'duplicate', side: 'sender', message: 'Déjà reçu.' })),
        create: { Encounter: () => Promise.reject(new Error('CANARY in a message of ours')) },
      },
    });
    const headers = { 'Content-Type': 'application/fhir+json' };
    const duplicate = await fetch(`${failing.url}/fhir`, {
      method: 'POST',
      headers: { ...basic('placer'), ...headers },
      body: '{"resourceType":"Bundle","type":"transaction"}',
    });
    expect(duplicate.status).toBe(409);
    const fault = await fetch(`${failing.url}/fhir/Encounter`, {
      method: 'POST',
      headers: { ...basic('fulfiller'), ...headers },
      body: JSON.stringify(encounter),
    });
    expect(fault.status).toBe(500);
    expect(await fault.json()).toMatchObject({ issue: [{ severity: 'fatal', code: 'exception' }] });
    expect(JSON.stringify(failing.logged)).toContain('api.fault');
    expect(JSON.stringify(failing.logged)).not.toContain('CANARY');
    await failing.close();
  });
});

describe('$validate (CORE-14)', () => {
  it('answers 200 with what it found, right or wrong', async () => {
    const good = await send('POST', '/Task/$validate', 'reader', task);
    expect(good).toMatchObject({ status: 200, body: { issue: [{ severity: 'information' }] } });
    const bad = await send('POST', '/Task/$validate', 'reader', { ...task, status: 'nonsense' });
    expect(bad).toMatchObject({ status: 200, body: { issue: [{ severity: 'error', code: 'value' }] } });
  });

  it('takes a profile in the query or in Parameters', async () => {
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: task },
        { name: 'profile', valueUri: 'urn:p:1' },
      ],
    };
    for (const [path, body] of [
      ['/Task/$validate', parameters],
      ['/Task/$validate?profile=urn:p:1', task],
    ] as const) {
      const { body: outcome } = await send('POST', path, 'reader', body);
      expect(outcome).toMatchObject({ issue: [{ details: { text: 'Contrôlé selon urn:p:1' } }] });
    }
  });

  it('refuses a resource of another type or none', async () => {
    expect((await send('POST', '/Task/$validate', 'reader', encounter)).status).toBe(400);
    const empty = { resourceType: 'Parameters', parameter: [null] };
    expect((await send('POST', '/Task/$validate', 'reader', empty)).status).toBe(400);
  });
});

describe('PlanDefinition/$apply (CORE-16)', () => {
  const protocol = `/PlanDefinition/${logicalId('PlanDefinition', key('net-west/protocol'))}/$apply`;

  it('asks the room for the protocol by its canonical, with the subject from query or Parameters', async () => {
    const asked: unknown[] = [];
    const applying = await startApi(database.store, {
      exchange: {
        apply: async (_context, { parameters: _parameters, ...what }) => {
          asked.push(what);
          return { status: 200, resource: { resourceType: 'CarePlan' } };
        },
      },
    });
    const ask = (init: RequestInit, query = '') =>
      fetch(`${applying.url}/fhir${protocol}${query}`, {
        ...init,
        headers: { ...basic('fulfiller'), 'Content-Type': 'application/fhir+json' },
      });
    expect((await ask({}, '?subject=Patient/1')).status).toBe(200);
    const parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'subject', valueString: 'Patient/1' }],
    };
    expect((await ask({ method: 'POST', body: JSON.stringify(parameters) })).status).toBe(200);
    const expected = {
      planDefinition: 'https://passerelle.example/fhir/PlanDefinition/net-west',
      subject: 'Patient/1',
    };
    expect(asked).toEqual([expected, expected]);
    await applying.close();
  });

  it('answers 404 for a protocol of another tenant and 405 for another type', async () => {
    const get = (path: string, client: string) => fetch(`${api.url}/fhir${path}`, { headers: basic(client) });
    expect((await get(protocol, 'east-reader')).status).toBe(404);
    expect((await get('/Organization/x/$apply', 'reader')).status).toBe(405);
  });
});
