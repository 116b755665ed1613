/** Referrals of three hospitals over a real database, a subscriber over a real socket, and the delivery between them. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { type Clock, systemIds } from '../../src/clock.ts';
import type { ClientConfig } from '../../src/config.ts';
import { createDelivery } from '../../src/delivery/create-delivery.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createSubscriptions } from '../../src/gateway/subscriptions.ts';
import { createLog } from '../../src/log.ts';
import type { Referral } from '../../src/store/referrals.ts';
import type { Store } from '../../src/store/store.ts';
import type { SubscriptionContext } from '../../src/subscription/act.ts';
import { tellingStore } from '../../src/subscription/tell.ts';
import type { TestDatabase } from '../database.ts';

export const base = 'https://gateway.example/fhir';
export const tenant = 'west';

export type Post = { headers: Record<string, unknown>; bundle: AnyResource; text: string };

export type World = Awaited<ReturnType<typeof startWorld>>;

type Parameter = { name: string; part?: Parameter[] } & Record<string, unknown>;

/** What a status says under a name; the first of them. */
export function told(bundle: AnyResource, name: string): unknown {
  const [entry] = bundle['entry'] as { resource: { parameter: Parameter[] } }[];
  const found = entry!.resource.parameter.find((one) => one.name === name);
  if (!found) return undefined;
  return Object.entries(found).find(([element]) => element !== 'name')?.[1];
}

/** Empties what a world writes, for the next one on the same database. */
export async function emptied(database: TestDatabase): Promise<TestDatabase> {
  const tables =
    'subscription, subscription_event, outbox, receipt, reference, referral, clinical_version, audit';
  await sql.raw(`truncate ${tables} cascade`).execute(database.store.db);
  return database;
}

/** Starts everything; what the subscriber answers may be changed at any time. Close the database by yourself. */
export async function startWorld(database: TestDatabase) {
  const posts: Post[] = [];
  const subscriber = { status: 200, headers: {} as Record<string, string> };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      posts.push({ headers: request.headers, bundle: JSON.parse(text) as AnyResource, text });
      response.writeHead(subscriber.status, subscriber.headers).end('an answer nobody reads');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = (id: string, more: Partial<ClientConfig>): ClientConfig => ({
    ...{ id, tenant, auth: { kind: 'basic', password: '' }, roles: ['placer'] },
    ...{ subscriptions: { origins: [origin] }, ...more },
  });
  const clients: ClientConfig[] = [
    client('ghu', { server: 'ghu' }),
    client('ville', { server: 'ville', roles: ['fulfiller'] }),
    client('other', { server: 'other' }),
  ];
  let offset = 0;
  const clock: Clock = {
    now: () => Date.now() + offset,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      }),
  };
  const store: Store = tellingStore(database.store, clients, clock);
  const parts = { config: { clients }, store, clock, ids: systemIds, base: () => base };
  const joined = createSubscriptions(parts);
  const delivery = createDelivery({
    ...{ store, servers: new Map(), serverConfigs: [], clock, log: createLog('silent') },
    ids: { ...systemIds, fraction: () => 0 },
    channels: new Map(joined.channels),
    effects: new Map(joined.effects),
    localId: () => 'unused',
    documentBytes: () => Promise.reject(new Error('no documents here')),
  });
  const context: SubscriptionContext = { store, clients, clock, ids: systemIds };
  let count = 0;
  return {
    ...{ database, store, clients, clock, context, delivery, posts, subscriber, origin },
    asking: { store, clients, clock, base: () => base },
    advance: (ms: number) => void (offset += ms),
    who: (id: string) => ({ client: id, tenant, requestId: 'request-of-a-test' }),
    wanted(change: Record<string, unknown> = {}): AnyResource {
      const text = readFileSync('test/fixtures/subscription/referral-changed.json', 'utf8');
      const resource = JSON.parse(text) as AnyResource & { channel: object };
      const channel = {
        ...resource.channel,
        endpoint: `${origin}/alertes`,
        ...(change['channel'] as object),
      };
      return { ...resource, ...change, channel };
    },
    async deliver(): Promise<void> {
      while ((await delivery.runOnce()) > 0);
    },
    /** A referral of `ghu` to `ville`, its Task not yet there. */
    async referral(change: Partial<Referral> = {}): Promise<Referral> {
      count += 1;
      const id = `r${count}`;
      const referral: Referral = {
        ...{ tenant, id, networkId: 'coreso', state: 'requested', orderKey: `https://ghu.example|${id}` },
        ...{
          contentHash: id,
          placerClient: 'ghu',
          placerServer: 'ghu',
          candidate: 1,
          fulfillerServer: 'ville',
        },
        ...{ patientId: `p${count}`, orderId: `o${count}`, taskId: `t${count}`, carePlanId: null },
        ...{ acceptedAt: new Date(), closedAt: null, ...change },
      };
      await store.transaction((tx) => tx.referrals.insert(referral));
      return referral;
    },
    /** Its Task moves to a status. */
    move: ({ taskId, patientId }: Referral, status: string) =>
      store.transaction((tx) =>
        tx.clinical.put(
          tenant,
          {
            resourceType: 'Task',
            id: taskId,
            status,
            intent: 'order',
            for: { reference: `Patient/${patientId}` },
          },
          new Date(clock.now()),
        ),
      ),
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await delivery.stop();
    },
  };
}
