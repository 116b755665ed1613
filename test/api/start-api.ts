/** An API over a real database and a real socket, with rooms behind it that only remember what they were asked. */
import { operationSchemas } from '../../src/api/admin/operation-schemas.ts';
import { type ApiParts, createApi } from '../../src/api/app.ts';
import { listen, type ServerTimeouts } from '../../src/api/listen.ts';
import type { Answer, Exchange, Posted, RequestContext, Validate } from '../../src/api/types.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import type { ClientConfig, Config, ServerConfig } from '../../src/config.ts';
import { createReading } from '../../src/document/access/reading.ts';
import type { LogFields } from '../../src/log.ts';
import type { Operations } from '../../src/operations.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import type { Store } from '../../src/store/store.ts';
import { serverConfig } from '../server/open-server.ts';

/** Clients of two tenants; passwords are as good as any for a test. */
export const clients: ClientConfig[] = [
  {
    id: 'placer',
    tenant: 'west',
    auth: { kind: 'basic', password: 'secret-placer' },
    server: 'ghu',
    roles: ['placer'],
  },
  {
    id: 'fulfiller',
    tenant: 'west',
    auth: { kind: 'basic', password: 'secret-fulfiller' },
    server: 'vinatier',
    roles: ['fulfiller'],
  },
  { id: 'reader', tenant: 'west', auth: { kind: 'basic', password: 'secret-reader' }, roles: ['reader'] },
  { id: 'admin', tenant: 'west', auth: { kind: 'basic', password: 'secret-admin' }, roles: ['admin'] },
  { id: 'east-reader', tenant: 'east', auth: { kind: 'basic', password: 'secret-east' }, roles: ['reader'] },
  {
    id: 'east-admin',
    tenant: 'east',
    auth: { kind: 'basic', password: 'secret-east-admin' },
    roles: ['admin'],
  },
];

const rules = readExchangeRules('mappings');
/** Servers of the clients, and whom they are home to. */
export const homes: ServerConfig[] = [
  serverConfig('http://ghu.invalid', { id: 'ghu', homeOf: ['https://finess.esante.gouv.fr|990000011'] }),
  serverConfig('http://vinatier.invalid', {
    id: 'vinatier',
    homeOf: ['https://finess.esante.gouv.fr|990000029'],
  }),
];

/** `Authorization` header of a client with a password. */
export function basic(client: string): { Authorization: string } {
  const found = clients.find(({ id }) => id === client);
  if (found?.auth.kind !== 'basic') throw new Error(`no password for ${client}`);
  return { Authorization: `Basic ${Buffer.from(`${client}:${found.auth.password}`).toString('base64')}` };
}

export type Asked = {
  room: string;
  context: RequestContext;
  posted: Posted & { id?: string; ifMatch?: number | undefined };
};

export type RunningApi = {
  url: string;
  /** What the rooms behind were asked. */
  asked: Asked[];
  /** Every line given to the log, before anything is dropped from it. */
  logged: { event: string; fields: LogFields }[];
  called: { operation: string; args: unknown }[];
  close(): Promise<void>;
};

export type ApiOptions = {
  clients?: ClientConfig[];
  limits?: Partial<Config['limits']>;
  exchange?: Partial<Exchange>;
  validate?: Validate;
  operations?: Partial<Operations>;
  ready?: () => boolean;
  maxInFlight?: number;
  timeouts?: ServerTimeouts;
  notifications?: ApiParts['notifications'];
};

export const ownerToken = 'owner-token-of-the-folder';

/** Starts one on any free port. */
export async function startApi(store: Store, options: ApiOptions = {}): Promise<RunningApi> {
  const running = {
    url: '',
    asked: [] as Asked[],
    logged: [] as RunningApi['logged'],
    called: [] as RunningApi['called'],
  };
  const line = (event: string, fields: LogFields = {}): void => void running.logged.push({ event, fields });
  const room =
    (name: string, answer: (posted: Posted) => Answer) =>
    async (context: RequestContext, posted: Asked['posted']): Promise<Answer> => {
      running.asked.push({ room: name, context, posted });
      return answer(posted);
    };
  const stored = ({ resource }: Posted): Answer => ({
    status: 201,
    resource: { ...resource, id: 'pas-1', meta: { versionId: '1', lastUpdated: '2026-11-22T10:00:00.000Z' } },
  });
  const app = createApi({
    config: {
      tenant: 'west',
      clients: options.clients ?? clients,
      limits: { bodyBytes: 200_000, jsonDepth: 32, bundleEntries: 10, ...options.limits },
    },
    store,
    operations: rememberedOperations(running.called, options.operations),
    exchange: {
      acceptTransaction: room('transaction', () => ({
        status: 200,
        resource: { resourceType: 'Bundle', type: 'transaction-response' },
      })),
      receiveSubmission: room('submission', () => ({
        status: 200,
        resource: { resourceType: 'Bundle', type: 'transaction-response' },
      })),
      receiveDocument: room('document', stored),
      create: {
        DocumentReference: room('publication', stored),
        Encounter: room('consultation', stored),
        Task: room('task', stored),
        Subscription: room('subscription', stored),
      },
      update: {
        ServiceRequest: room('update', ({ resource }) => ({
          ...stored({ resource, raw: Buffer.alloc(0) }),
          status: 200,
        })),
        Subscription: room('subscription-update', (posted) => ({ ...stored(posted), status: 200 })),
      },
      remove: { Subscription: async () => ({ status: 204 }) },
      subscriptions: {
        status: async () => ({ status: 200, resource: { resourceType: 'Bundle', type: 'searchset' } }),
        events: async () => ({ status: 200, resource: { resourceType: 'Bundle', type: 'history' } }),
      },
      reading: createReading({
        ...{ store, servers: homes, rules: rules.consent, clock: systemClock },
        pathway: createPathway({ servers: homes, rules, clock: systemClock }),
      }),
      apply: async () => ({ status: 200, resource: { resourceType: 'CarePlan', status: 'draft' } }),
      ...options.exchange,
    },
    validate: options.validate ?? (() => []),
    log: { info: line, warn: line, error: line },
    clock: systemClock,
    ids: systemIds,
    readiness: async () => {
      const ready = options.ready?.() ?? true;
      return { ready, checks: [{ name: 'migrations', ok: ready }] };
    },
    base: () => running.url,
    secret: 'deployment-secret',
    ownerToken,
    version: '0.0.0-test',
    ...(options.notifications ? { notifications: options.notifications } : {}),
    ...(options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight }),
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, options.timeouts);
  running.url = `http://127.0.0.1:${listening.port}`;
  return Object.assign(running, { close: () => listening.close(100) });
}

function rememberedOperations(called: RunningApi['called'], given: Partial<Operations> = {}): Operations {
  const remembered = Object.keys(operationSchemas).map((operation) => [
    operation,
    async (args: unknown) => {
      called.push({ operation, args });
      return { operation };
    },
  ]);
  return { ...Object.fromEntries(remembered), ...given } as Operations;
}
