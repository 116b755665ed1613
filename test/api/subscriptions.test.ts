/** Subscriptions over HTTP: asked for, read, searched, changed and taken away by the client whose they are. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { createSubscriptions } from '../../src/gateway/subscriptions.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { extensionUrls, topics } from '../../src/subscription/topics.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { told, startWorld, type World } from '../subscription/world.ts';
import { testValidator } from '../validator.ts';
import { basic, clients as usual, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let world: World;
let api: RunningApi;
let id: string;

beforeAll(async () => {
  database = await freshDatabase();
  world = await startWorld(database);
  const clients = usual.map((client) =>
    client.id === 'reader' ? client : { ...client, subscriptions: { origins: [world.origin] } },
  );
  const { handlers } = createSubscriptions({
    ...{ config: { clients }, store: world.store, clock: world.clock, ids: systemIds },
    base: () => `${api.url}/fhir`,
  });
  const validator = await testValidator();
  api = await startApi(world.store, {
    clients,
    exchange: handlers,
    validate: (resource, profiles = []) => validator.validate(resource, [...profiles]),
  });
});
afterAll(async () => {
  await api.close();
  await world.close();
  await database.close();
});

async function ask(client: string, method: string, path: string, body?: object, headers: object = {}) {
  const answer = await fetch(`${api.url}/fhir/${path}`, {
    method,
    headers: { ...basic(client), ...(body ? { 'Content-Type': 'application/fhir+json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const resource = (text ? JSON.parse(text) : undefined) as AnyResource;
  return { status: answer.status, headers: answer.headers, resource, text };
}

const found = async (client: string, query: string): Promise<unknown[]> =>
  ((await ask(client, 'GET', `Subscription${query}`)).resource['entry'] ?? []) as unknown[];

describe('Subscription at /fhir', () => {
  it('is created by a party to referrals, requested, with its place and without its secret (SUB-02)', async () => {
    const answer = await ask('placer', 'POST', 'Subscription', {
      ...world.wanted(),
      meta: {
        profile: ['http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription'],
      },
    });
    expect(answer.status).toBe(201);
    id = answer.resource.id!;
    expect(answer.headers.get('location')).toContain(`/fhir/Subscription/${id}`);
    expect(answer.resource).toMatchObject({ status: 'requested', channel: { type: 'rest-hook' } });
    expect(answer.text).not.toContain('secret-of-the-subscriber');
  });

  it.each([
    ['reader', 403],
    ['admin', 403],
    ['east-reader', 403],
  ])('is not created by %s', async (client, status) => {
    expect((await ask(client, 'POST', 'Subscription', world.wanted())).status).toBe(status);
  });

  it.each<[string, object, number, string]>([
    [
      'full-resource',
      { channel: { _payload: { extension: [{ url: extensionUrls.content, valueCode: 'full-resource' }] } } },
      422,
      'Subscription.channel.payload',
    ],
    ['another topic', { criteria: 'https://elsewhere.example' }, 422, 'Subscription.criteria'],
    ['another channel', { channel: { type: 'email' } }, 422, 'Subscription.channel.type'],
    ['an address elsewhere', { channel: { endpoint: 'http://169.254.169.254/' } }, 403, ''],
    ['no reason, which R4 wants', { reason: undefined }, 400, 'Subscription'],
  ])('is refused with %s (SUB-07)', async (_what, change, status, expression) => {
    const answer = await ask(
      'placer',
      'POST',
      'Subscription',
      world.wanted(change as Record<string, unknown>),
    );
    expect(answer.status).toBe(status);
    expect(answer.resource.resourceType).toBe('OperationOutcome');
    expect(answer.text).toContain(expression);
    expect(answer.text).not.toContain('secret-of-the-subscriber');
  });

  it('is read and found by its client alone, without its secret', async () => {
    const read = await ask('placer', 'GET', `Subscription/${id}`);
    expect(read.resource).toMatchObject({ id, status: 'requested' });
    expect(read.text).not.toContain('secret-of-the-subscriber');
    expect(await found('placer', '?status=requested')).toHaveLength(1);
    expect(await found('placer', '?status=active')).toHaveLength(0);
    expect(await found('placer', `?criteria=${topics[0]!.canonical}`)).toHaveLength(1);
    expect(await found('placer', `?url=${world.origin}/alertes`)).toHaveLength(1);
    for (const other of ['fulfiller', 'reader', 'east-reader']) {
      expect((await ask(other, 'GET', `Subscription/${id}`)).status).toBe(404);
      expect(await found(other, '')).toHaveLength(0);
    }
  });

  it('is another version once it failed, so that nobody takes the old one for the present', async () => {
    const before = await ask('placer', 'GET', `Subscription/${id}`);
    const { sql } = await import('kysely');
    await sql`update outbox set state = 'parked', finished_at = now(), reason = '{"message": "ne répond pas"}'`.execute(
      world.store.db,
    );
    const etag = before.headers.get('etag')!;
    const after = await ask('placer', 'GET', `Subscription/${id}`, undefined, { 'If-None-Match': etag });
    expect(after.status).toBe(200);
    expect(after.resource).toMatchObject({ status: 'error', error: 'ne répond pas' });
    expect(await found('placer', '?status=error')).toHaveLength(1);
    const stale = await ask(
      'placer',
      'PUT',
      `Subscription/${id}`,
      { ...world.wanted(), id },
      { 'If-Match': etag },
    );
    expect(stale.status).toBe(412);
  });

  it('is asked for again by PUT under its version (SUB-06)', async () => {
    const { headers } = await ask('placer', 'GET', `Subscription/${id}`);
    const again = await ask(
      'placer',
      'PUT',
      `Subscription/${id}`,
      { ...world.wanted(), id },
      { 'If-Match': headers.get('etag')! },
    );
    expect(again.status).toBe(200);
    expect(again.resource).toMatchObject({ status: 'requested' });
    expect(again.text).not.toContain('secret-of-the-subscriber');
  });

  it('answers $status and $events by GET and by POST, its client alone (SUB-06, SUB-07)', async () => {
    const parameters = (name: string, valueString: string) => ({
      resourceType: 'Parameters',
      parameter: [{ name, valueString }],
    });
    const answers = [
      await ask('placer', 'GET', `Subscription/${id}/$status`),
      await ask('placer', 'POST', `Subscription/${id}/$status`, parameters('status', 'requested')),
      await ask('placer', 'GET', `Subscription/$status?id=${id},other`),
      await ask('placer', 'POST', 'Subscription/$status', parameters('id', id)),
      await ask('placer', 'GET', `Subscription/${id}/$events?eventsSinceNumber=1&content=empty`),
      await ask('placer', 'POST', `Subscription/${id}/$events`, parameters('eventsSinceNumber', '1')),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.map(({ resource }) => told(resource, 'type'))).toEqual([
      ...Array.from({ length: 4 }, () => 'query-status'),
      ...Array.from({ length: 2 }, () => 'query-event'),
    ]);
    const bad = await ask('placer', 'GET', `Subscription/${id}/$events?content=full-resource`);
    expect(bad.status).toBe(422);
    expect((await ask('fulfiller', 'GET', `Subscription/${id}/$status`)).status).toBe(404);
    expect((await ask('fulfiller', 'GET', `Subscription/${id}/$events`)).status).toBe(404);
    expect((await ask('placer', 'GET', `Task/${id}/$status`)).status).toBe(405);
  });

  it('is taken away by its client alone; whoever asks is told no more than that it is gone (CORE-08)', async () => {
    expect((await ask('fulfiller', 'DELETE', `Subscription/${id}`)).status).toBe(204);
    expect((await ask('placer', 'GET', `Subscription/${id}`)).status).toBe(200);
    expect((await ask('placer', 'DELETE', `Subscription/${id}`)).status).toBe(204);
    expect((await ask('placer', 'DELETE', `Subscription/${id}`)).status).toBe(204);
    expect((await ask('placer', 'GET', `Subscription/${id}`)).status).toBe(404);
  });

  it('leaves its secret neither in the log nor in the audit trail, where every act stands', async () => {
    const { sql } = await import('kysely');
    const { rows } = await sql<{ action: string }>`select * from audit order by id`.execute(world.store.db);
    const acts = rows.map(({ action }) => action).filter((action) => action.startsWith('subscription.'));
    expect(acts).toEqual(
      ['create', 'update', 'delete', 'delete', 'delete'].map((act) => `subscription.${act}`),
    );
    expect(JSON.stringify([rows, api.logged])).not.toContain('secret-of-the-subscriber');
  });

  it('is stated with its topics in the CapabilityStatement', async () => {
    const { resource } = await ask('placer', 'GET', 'metadata');
    const [rest] = resource['rest'] as {
      resource: { type: string; extension?: object[]; operation: { name: string }[] }[];
    }[];
    const stated = rest!.resource.find(({ type }) => type === 'Subscription')!;
    expect(stated.extension).toEqual(
      topics.map(({ canonical }) => ({ url: extensionUrls.topic, valueCanonical: canonical })),
    );
    expect(stated.operation.map(({ name }) => name)).toEqual(['validate', 'status', 'events']);
  });
});

describe('a token that may not read Tasks', () => {
  it('may not be told of them either', async () => {
    const caller = {
      ...world.who('placer'),
      server: 'ghu',
      actsFor: [],
      roles: ['placer'],
      scopes: [{ type: 'Subscription', letters: 'cruds' }],
    };
    const { handlers } = createSubscriptions({
      ...{ config: { clients: world.clients }, store: world.store, clock: world.clock, ids: systemIds },
      base: () => 'unused',
    });
    const posted = { resource: world.wanted(), raw: Buffer.alloc(0) };
    const create = handlers.create['Subscription']!(
      { caller, requestId: 'x' } as Parameters<(typeof handlers.create)[string]>[0],
      posted,
    );
    await expect(create).rejects.toMatchObject({ category: 'forbidden' });
  });
});
