/** What delivery, publication and reconciliation are tested in: a real database and hospitals over sockets. */
import { type Clock, systemClock, systemIds } from '../../src/clock.ts';
import type { ServerConfig } from '../../src/config.ts';
import { createDelivery, type Delivery } from '../../src/delivery/create-delivery.ts';
import { enqueue } from '../../src/delivery/enqueue.ts';
import type { Policy } from '../../src/delivery/policy.ts';
import type { Effect, NewItem, Prepare, WriteEntry } from '../../src/delivery/types.ts';
import { logicalId } from '../../src/fhir/key.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource, Json } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { serverConfig } from '../server/open-server.ts';

export const tenant = 'idf';

/** The machine's clock, moved forward at will. */
export type TestClock = Clock & { advance(ms: number): void };

export function testClock(): TestClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    advance: (ms) => void (ahead += ms),
  };
}

export type World = TestDatabase & {
  clock: TestClock;
  hospitals: Map<string, Hospital>;
  servers: Map<string, FhirServer>;
  configs: ServerConfig[];
  effects: Map<string, Effect>;
  prepares: Map<string, Prepare>;
  documents: Map<string, Buffer>;
  delivery: Delivery;
  /** Another gateway on the same database and the same hospitals. */
  another(policy?: Partial<Policy>): Delivery;
};

export type WorldOptions = {
  servers?: (Partial<ServerConfig> & { id: string })[];
  policy?: Partial<Policy>;
};

/** Hospitals `a`, … as asked for (one with a `base` runs already), a database, and a delivery that does not run yet. */
export async function openWorld({
  servers: wanted = [{ id: 'a' }],
  policy,
}: WorldOptions = {}): Promise<World> {
  const database = await freshDatabase();
  const clock = testClock();
  const log = createLog('silent');
  const hospitals = new Map<string, Hospital>();
  const hospital = async ({
    id,
    ids = 'client',
  }: Partial<ServerConfig> & { id: string }): Promise<string> => {
    const started = await startHospital({ name: id, ids, clock });
    hospitals.set(id, started);
    return started.base;
  };
  const servers = new Map<string, FhirServer>();
  const configs: ServerConfig[] = [];
  for (const one of wanted) {
    const timeouts = { connectMs: 500, answerMs: 2000, totalMs: 3000 };
    const config = serverConfig(one.base ?? (await hospital(one)), { timeouts, ...one });
    configs.push(config);
    servers.set(one.id, createServer(config, { clock, ids: systemIds, log }));
  }
  const effects = new Map<string, Effect>();
  const prepares = new Map<string, Prepare>();
  const documents = new Map<string, Buffer>();
  const another = (other: Partial<Policy> = {}): Delivery =>
    createDelivery({
      ...{ store: database.store, servers, serverConfigs: configs, clock, ids: systemIds, log, effects },
      prepare: prepares,
      localId: (_lane, _serverId, type, key) => logicalId(type, key),
      documentBytes: async (_tenant, id) => documents.get(id)!,
      policy: { ...policy, ...other },
    });
  const close = async (): Promise<void> => {
    for (const server of servers.values()) await server.close();
    for (const hospital of hospitals.values()) await hospital.close();
    await database.close();
  };
  const delivery = another();
  return {
    ...database,
    clock,
    hospitals,
    servers,
    configs,
    effects,
    prepares,
    documents,
    delivery,
    another,
    close,
  };
}

/** A business key of a network thing. */
export const networkKey = (value: string): string => `${networkSystem}|${value}`;

/** An organisation to write; `partOf` is the key value of another. */
export function organization(value: string, more: { name?: string; partOf?: string } = {}): WriteEntry {
  const body: AnyResource = {
    resourceType: 'Organization',
    identifier: [{ system: networkSystem, value }],
    active: true,
    name: more.name ?? `Réseau ${value}`,
    ...(more.partOf ? { partOf: { reference: referenceTo('Organization', networkKey(more.partOf)) } } : {}),
  };
  return { type: 'Organization', key: networkKey(value), body };
}

/** An item for server `a`, clinical unless said otherwise. */
export function item(entries: WriteEntry[], changes: Partial<NewItem> = {}): NewItem {
  return {
    tenant,
    lane: 'clinical',
    serverId: 'a',
    subject: 'referral-1',
    kind: 'relay',
    entries,
    ...changes,
  };
}

/** Puts items into the outbox as a capability room does. */
export function put(world: World, ...items: NewItem[]): Promise<void> {
  return world.store.transaction((tx) => enqueue(tx, items, world.clock));
}

/** Every stored item, by id. */
export function items(
  world: World,
): Promise<{ id: number; state: string; attempts: number; reason: Json }[]> {
  return world.store.db
    .selectFrom('outbox')
    .select(['id', 'state', 'attempts', 'reason', 'due_at', 'subject', 'deadline'])
    .orderBy('id')
    .execute();
}

/** What a server holds of a type, as plain HTTP says, page by page. */
export async function held(world: World, serverId: string, type: string, query = ''): Promise<AnyResource[]> {
  const found: AnyResource[] = [];
  let url: string | undefined = `${world.servers.get(serverId)!.base}/${type}?_count=1000${query}`;
  while (url !== undefined) {
    const response: Response = await fetch(url, { headers: { 'cache-control': 'no-cache' } });
    const bundle = (await response.json()) as {
      entry?: { resource: AnyResource }[];
      link?: { relation: string; url: string }[];
    };
    found.push(...(bundle.entry ?? []).map((entry) => entry.resource));
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

/** A person at the hospital changes or deletes a resource by plain HTTP. */
export async function byHand(
  world: World,
  serverId: string,
  method: string,
  path: string,
  body?: AnyResource,
) {
  const response = await fetch(`${world.servers.get(serverId)!.base}/${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** A transaction, not a batch of reads: only what writes asks for a minimal answer. */
export const isWrite = (headers: Record<string, unknown>): boolean =>
  String(headers['prefer']).includes('return=minimal');

/** Loses the answer to the first transaction that a server is sent; it is carried out. */
export function loseFirstAnswer(world: World, serverId = 'a'): void {
  let writes = 0;
  world.hospitals
    .get(serverId)!
    .setFaults(({ headers }) =>
      isWrite(headers) && writes++ === 0 ? { kind: 'reset', when: 'after' } : undefined,
    );
}

/** Runs until nothing is due at this moment. */
export async function runAll(delivery: Delivery): Promise<void> {
  while ((await delivery.runOnce()) > 0);
}
