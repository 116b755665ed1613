/** Subscriptions in a running gateway: asked for over HTTP, and nothing of them lost when it is killed (SUB-04, SUB-06). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caller, until } from '../../src/demo/http.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { topics } from '../../src/subscription/topics.ts';
import { told } from '../subscription/world.ts';
import { type Running, start } from './passerelle.ts';
import { type EndToEnd, password, startEndToEnd } from './stage.ts';

let stage: EndToEnd;
let subscriber: Server;
let origin: string;
let second: Running | undefined;
let status = 200;
const taken: { path: string; secret: string | undefined; bundle: AnyResource }[] = [];
const subscriptions = new Map<string, string>();

beforeAll(async () => {
  subscriber = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      if (status === 200)
        taken.push({ path, secret: headers.authorization, bundle: JSON.parse(text) as AnyResource });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}`;
  stage = await startEndToEnd(undefined, { networks: [], homeOf: [], notify: `${origin}/configured` });
  expect(await stage.command('apply', '--network', 'coreso-le-vinatier')).toMatchObject({ code: 0 });
}, 400_000);
afterAll(async () => {
  second?.signal('SIGTERM');
  await second?.ended;
  await stage.close();
  subscriber.closeAllConnections();
  subscriber.close();
});

const at = (path: string) => taken.filter((one) => one.path === path).map(({ bundle }) => bundle);
const wanted = (criteria: string, path: string) => ({
  ...{ resourceType: 'Subscription', status: 'requested', reason: 'Suivre nos adressages', criteria },
  channel: {
    ...{ type: 'rest-hook', endpoint: `${origin}${path}`, payload: 'application/fhir+json' },
    header: [`Authorization: Bearer secret of ${path}`],
    _payload: {
      extension: [
        {
          url: 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content',
          valueCode: 'id-only',
        },
      ],
    },
  },
});

describe('subscriptions in a running gateway', () => {
  it('become active once their handshake was answered (SUB-02)', async () => {
    for (const { canonical, type } of topics) {
      const answer = await stage.as('psychiatrie').post('Subscription', wanted(canonical, `/${type}`));
      expect(answer.status).toBe(201);
      const id = (answer.resource as { id: string }).id;
      subscriptions.set(type, id);
      const read = () => stage.as('psychiatrie').get(`Subscription/${id}`);
      await until(
        async () => ((await read()).resource['status'] === 'active' ? true : undefined),
        `${type} actif`,
      );
      expect(told(at(`/${type}`)[0]!, 'type')).toBe('handshake');
    }
  }, 60_000);

  it('are told everything in order, though the gateway was killed before it could', async () => {
    status = 503;
    await stage.play();
    stage.gateway.signal('SIGKILL');
    await stage.gateway.ended;
    taken.length = 0;
    status = 200;
    const env = { DATABASE_URL: stage.databaseUrl, PASSWORD: password };
    second = start(['serve', '--json'], { cwd: stage.folder, env });
    const [, address] = await second.until(/"address":"([^"]+)"/);
    const reader = caller(`${address!}/fhir`, { user: 'psychiatrie', password });
    for (const [type, id] of [...subscriptions, ['configured', 'psychiatrie'] as const]) {
      const { resource } = await reader.get(`Subscription/${id}/$status`);
      const events = Number(told(resource, 'events-since-subscription-start'));
      expect(events).toBeGreaterThan(1);
      const numbers = () => at(`/${type}`).map((bundle) => told(bundle, 'events-since-subscription-start'));
      await until(
        async () => (numbers().length >= events ? true : undefined),
        `${events} notifications ${type}`,
        120_000,
      );
      expect(numbers()).toEqual(Array.from({ length: events }, (_one, index) => String(index + 1)));
      const missed = await reader.get(`Subscription/${id}/$events?eventsSinceNumber=1`);
      expect(missed.resource['entry']).toHaveLength(events + 1);
    }
    expect(new Set(taken.map(({ path, secret }) => `${path} ${secret}`))).toEqual(
      new Set([
        `/Task Bearer secret of /Task`,
        `/DocumentReference Bearer secret of /DocumentReference`,
        `/configured Bearer ${password}`,
      ]),
    );
    expect(JSON.stringify(taken)).not.toMatch(/ESSAI-CORESO|174129910000157|Lyon/);
    expect(second.printed()).not.toContain('secret of');
  }, 300_000);
});
