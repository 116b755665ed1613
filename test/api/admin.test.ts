import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { operationSchemas } from '../../src/api/admin/operation-schemas.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { acceptedAt, loadedAt, seedPublished, seedReferral } from './seed.ts';
import { basic, ownerToken, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  await seedPublished(database.store);
  await seedReferral(database.store);
  await database.store.transaction(async (tx) => {
    await tx.runs.start('west', { id: 'run-1', kind: 'apply', actor: 'admin', startedAt: loadedAt });
    await tx.runs.addChanges('west', 'run-1', [
      {
        serverId: 'ghu',
        type: 'Organization',
        key: 'k|v',
        op: 'create',
        before: null,
        after: { resourceType: 'Organization' },
        beforeState: null,
        afterState: null,
      },
    ]);
    await tx.findings.see('west', 'run-1', loadedAt, {
      serverId: 'ghu',
      type: 'Organization',
      key: 'k|v',
      kind: 'changed',
      severity: 'warning',
      detail: {},
    });
    await tx.outbox.add([
      {
        tenant: 'west',
        lane: 'clinical',
        serverId: 'vinatier',
        subject: 'referral-1',
        kind: 'relay',
        payload: { entries: [{ CANARY: 'patient' }], detail: null },
        runId: null,
        referralId: 'referral-1',
        createdAt: acceptedAt,
        deadline: new Date(acceptedAt.getTime() + 86_400_000),
      },
    ]);
  });
  api = await startApi(database.store, {
    operations: {
      doctor: () => Promise.reject(new Error('CANARY')),
      serverProbe: () =>
        Promise.reject(
          new GatewayError({
            category: 'unavailable',
            side: 'server',
            message: 'Serveur injoignable.',
            retryAfterMs: 5000,
          }),
        ),
    },
  });
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function ask(path: string, client = 'admin', body?: unknown) {
  const answer = await fetch(`${api.url}/admin/v1/${path}`, {
    headers: { ...basic(client), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

describe('operations', () => {
  it.each(Object.entries(operationSchemas))(
    '%s is called with its arguments and nothing else',
    async (name, schema) => {
      const args = Object.fromEntries(
        schema.required.map((argument) => {
          const { type } = schema.properties[argument]!;
          const value = { object: {}, boolean: true, integer: 1 } as Record<string, unknown>;
          return [argument, value[type] ?? 'x'];
        }),
      );
      const failing = name === 'doctor' || name === 'serverProbe';
      if (!failing) {
        expect(await ask(`operations/${name}`, 'admin', args)).toMatchObject({
          status: 200,
          body: { operation: name },
        });
        expect(api.called.at(-1)).toEqual({ operation: name, args });
      }
      expect((await ask(`operations/${name}`, 'admin', { ...args, CANARY: 'CANARY' })).status).toBe(400);
      for (const argument of schema.required) {
        const { [argument]: _left, ...rest } = args;
        expect((await ask(`operations/${name}`, 'admin', rest)).status).toBe(400);
      }
    },
  );

  it('are called by the folder’s owner too', async () => {
    const answer = await fetch(`${api.url}/admin/v1/operations/plan`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ownerToken}`, 'Content-Type': 'application/json' },
      body: '{"at":"2026-12-01"}',
    });
    expect(answer.status).toBe(200);
    expect(api.called.at(-1)).toEqual({ operation: 'plan', args: { at: '2026-12-01' } });
  });

  it('are not for an administrator of another tenant (P-36)', async () => {
    expect((await ask('operations/plan', 'east-admin', {})).status).toBe(403);
  });

  it.each(['toString', '__proto__', 'constructor', 'unknown'])('do not include %s', async (name) => {
    expect((await ask(`operations/${name}`, 'admin', {})).status).toBe(404);
  });
});

describe('failures', () => {
  it('are problem details that echo nothing (RFC 9457)', async () => {
    const { status, headers, body } = await ask('operations/plan', 'admin', { at: 'CANARY', CANARY: 1 });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      type: 'https://passerelle.example/fhir/problem/invalid',
      title: 'Demande refusée',
      status: 400,
      detail: 'Arguments refusés.',
      side: 'sender',
      requestId: headers.get('x-request-id'),
    });
    expect(body['issues']).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain('CANARY');
  });

  it('name the argument of a kept plan that is wrong, never a name of the caller’s', async () => {
    const servers = { CANARY: { deployed: '1', versions: { CANARY: 3 } } };
    const ground = { day: '2026-12-01', config: 'c', networks: { CANARY: 'hash' }, servers };
    const { status, body } = await ask('operations/apply', 'admin', { expect: { ground } });
    expect(status).toBe(400);
    expect(body['issues']).toMatchObject([
      { message: 'Argument obligatoire absent : expect.id.' },
      { message: 'Argument expect.ground.servers.….versions.… : type string attendu.' },
    ]);
    expect(JSON.stringify(body)).not.toContain('CANARY');
  });

  it('say whose fault it is and when to come back', async () => {
    const { status, headers, body } = await ask('operations/serverProbe', 'admin', {});
    expect({ status, side: body['side'] }).toEqual({ status: 503, side: 'server' });
    expect(headers.get('retry-after')).toBe('5');
  });

  it('of ours keep their words to themselves', async () => {
    const { status, body } = await ask('operations/doctor', 'admin', {});
    expect(status).toBe(500);
    expect(JSON.stringify([body, api.logged])).not.toContain('CANARY');
  });

  it('of paths that do not exist are 404, of credentials 401 with a challenge', async () => {
    expect((await ask('nothing')).status).toBe(404);
    const anonymous = await fetch(`${api.url}/admin/v1/networks`);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toContain('Basic');
    expect(anonymous.headers.get('content-type')).toMatch(/problem\+json/);
  });
});

describe('lists', () => {
  it.each([
    ['networks', 'Network', 1],
    ['runs', 'Run', 1],
    ['deliveries', 'Delivery', 1],
    ['findings', 'Finding', 1],
    ['referrals', 'Referral', 1],
    ['runs/run-1/changes', 'Change', 1],
  ])(
    '%s shows the tenant’s own, in the elements the description states, and nothing of patients',
    async (path, schema, count) => {
      const file = new URL('../../schemas/admin-openapi.yaml', import.meta.url);
      const { components } = parse(await readFile(file, 'utf8')) as {
        components: { schemas: Record<string, { properties: object }> };
      };
      const { status, body } = await ask(path);
      const rows = body as unknown as object[];
      expect(status).toBe(200);
      expect(rows).toHaveLength(count);
      expect(Object.keys(rows[0]!).sort()).toEqual(
        Object.keys(components.schemas[schema]!.properties).sort(),
      );
      expect(JSON.stringify(rows)).not.toContain('CANARY');
      const foreign = await ask(path, 'east-admin');
      expect(foreign.body).toHaveLength(path === 'networks' ? 1 : 0);
      expect(JSON.stringify(foreign.body)).not.toContain('net-west');
    },
  );

  it('are filtered by server and state', async () => {
    expect((await ask('deliveries?server=vinatier&state=queued')).body).toHaveLength(1);
    expect((await ask('deliveries?server=ghu')).body).toHaveLength(0);
    expect((await ask('findings?server=ghu&state=open')).body).toHaveLength(1);
    expect((await ask('findings?state=gone')).body).toHaveLength(0);
    expect((await ask('referrals?state=completed')).body).toHaveLength(0);
  });

  it('one referral comes with its ledger, to its tenant only', async () => {
    expect((await ask('referrals/referral-1')).body).toMatchObject({
      id: 'referral-1',
      state: 'accepted',
      timeline: [],
    });
    expect((await ask('referrals/referral-1', 'east-admin')).status).toBe(404);
  });
});

describe('health and metrics', () => {
  it('is alive before it is ready (P-41)', async () => {
    let ready = false;
    const starting = await startApi(database.store, { ready: () => ready });
    const status = async (path: string) => (await fetch(`${starting.url}/health/${path}`)).status;
    expect([await status('live'), await status('ready')]).toEqual([200, 503]);
    ready = true;
    const answer = await fetch(`${starting.url}/health/ready`);
    expect(await answer.json()).toEqual({ status: 'ready', checks: [{ name: 'migrations', ok: true }] });
    await starting.close();
  });

  it('counts requests by action and status, and what waits, without a single id', async () => {
    await fetch(`${api.url}/fhir/Patient/pas-CANARY`, { headers: basic('reader') });
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/passerelle_requests_total\{action="read",status="404"\} [1-9]/);
    expect(text).toMatch(/passerelle_outbox_items\{lane="clinical",state="queued"\} 1/);
    expect(text).toMatch(/passerelle_outbox_oldest_seconds\{lane="clinical",state="queued"\} [1-9]/);
    expect(text).not.toMatch(/CANARY|pas-|referral-1|vinatier/);
  });
});
