/** The gateway assembled: every room gets its neighbours here and nowhere else. Nothing is built when this is imported. */
import { createHmac, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createApi } from './api/app.ts';
import { listen } from './api/listen.ts';
import { type Clock, type Ids, systemClock, systemIds } from './clock.ts';
import type { Config } from './config.ts';
import { createDelivery, type Delivery } from './delivery/create-delivery.ts';
import type { LocalId } from './delivery/target.ts';
import { createMssanteChannel } from './document/mssante/channel.ts';
import { mssanteId } from './document/mssante/mailbox.ts';
import { logicalId } from './fhir/key.ts';
import { type Database, openDatabase } from './gateway/database.ts';
import { createDirectorySync } from './gateway/directory-sync.ts';
import { createExchanges } from './gateway/exchange.ts';
import { createHints } from './gateway/hints.ts';
import { createJobs } from './gateway/jobs.ts';
import type { Knowledge } from './gateway/knowledge.ts';
import { createOperations } from './gateway/operations.ts';
import type { Parts } from './gateway/parts.ts';
import { probeServers } from './gateway/probe.ts';
import { createSubscriptions } from './gateway/subscriptions.ts';
import type { Log } from './log.ts';
import type { Operations } from './operations.ts';
import { publishEffect, publishKind } from './publish/effect.ts';
import { repairEffect, repairKind } from './reconcile/repair.ts';
import { createScheduler } from './schedule/scheduler.ts';
import { createServer } from './server/create-server.ts';
import { keepConfigured } from './subscription/configured.ts';
import { createHeart } from './subscription/heart.ts';
import { tellingStore } from './subscription/tell.ts';
import { judgedOnce } from './validation/judged-once.ts';

/** What a gateway is made with; tests give their own clock and ids. */
export type Surroundings = { log: Log; knowledge: Knowledge; version: string; clock?: Clock; ids?: Ids };

/** An assembled gateway that neither listens nor sends by itself: what a single command needs. */
export type Gateway = {
  operations: Operations;
  /** Starts sending, scheduling and listening; answers the address. */
  start(): Promise<string>;
  /** Stops what was started (within two seconds) and closes the database. */
  stop(): Promise<void>;
};

/** Opens the database and assembles everything over it. */
export async function createGateway(config: Config, given: Surroundings): Promise<Gateway> {
  const { log } = given;
  const knowledge = given.knowledge.inFrance(config.france);
  const surroundings = { ...given, knowledge };
  const [database, validator] = await Promise.all([openDatabase(config, log), knowledge.validator()]);
  try {
    return await assemble(config, surroundings, database, validator);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A hospital that takes a connection and says nothing must not keep the others waiting for the gateway. */
const firstLookMs = 5_000;

async function assemble(
  config: Config,
  { log, knowledge, version, clock = systemClock, ids = systemIds }: Surroundings,
  database: Database,
  validator: Awaited<ReturnType<Knowledge['validator']>>,
): Promise<Gateway> {
  const store = tellingStore(database.store, config.clients, clock);
  if (database.ownerToken) await store.leases.freeAll();
  const secret = await store.settings.getOrCreate('secret', () => randomBytes(32).toString('base64url'));
  const servers = new Map(
    config.servers.map((server) => [server.id, createServer(server, { clock, ids, log })]),
  );
  const { mappings, fonts } = knowledge.folders;
  const state = { address: '', probed: false };
  const base = (): string => config.http.publicBase ?? state.address;
  const fhirBase = (): string => `${base()}/fhir`;
  const subscriptions = createSubscriptions({ config, store, clock, ids, base: fhirBase });
  await keepConfigured(store, config.clients, new Date(clock.now()));
  const judged = judgedOnce(validator);
  const exchanges = createExchanges({
    ...{ config, store, servers, mappings, fonts, clock, ids, log },
    validate: judged.again,
    subscriptions: subscriptions.handlers,
  });
  const documentBytes = async (tenant: string, id: string): Promise<Buffer> =>
    (await store.documents.bytes(tenant, id))!.bytes;
  const delivery: Delivery = createDelivery({
    ...{ store, servers, serverConfigs: config.servers, clock, ids, log, documentBytes },
    channels: new Map([
      ...(config.mssante
        ? [[mssanteId, createMssanteChannel({ config: config.mssante, ids, documentBytes })] as const]
        : []),
      ...subscriptions.channels,
    ]),
    effects: new Map([
      ...exchanges.effects,
      ...subscriptions.effects,
      [publishKind, publishEffect(clock)],
      [repairKind, repairEffect()],
    ]),
    prepare: exchanges.prepare,
    localId: localIds(secret),
  });
  const scheduler = createScheduler({
    ...{ store, clock, ids, log, schedules: config.schedules },
    owner: `${hostname()}/${process.pid}`,
    jobs: createJobs(() => parts),
  });
  const directory = createDirectorySync({ config, store, clock, ids, log, program: version });
  const parts: Parts = {
    ...{ config, store, servers, serverConfigs: config.servers, delivery, scheduler, exchanges, knowledge },
    ...{ directory },
    ...{ clock, ids, log, program: version },
  };
  const operations = createOperations(parts);
  const heart = createHeart({ store, clock, log });
  const hints = createHints({ look: (server) => lookAt(parts, server), clock, log });
  let stopListening: (() => Promise<void>) | undefined;
  let firstLook: Promise<unknown> | undefined;

  return {
    operations,

    async start() {
      const app = createApi({
        ...{ config, store, operations, log, clock, ids, secret, version },
        exchange: exchanges.handlers,
        validate: judged.first,
        readiness: async () => readiness(state.probed, () => store.ping()),
        base,
        notifications: { secrets: notifySecrets(config), hint: hints.hint },
        ...(database.ownerToken ? { ownerToken: database.ownerToken } : {}),
      });
      const listening = await listen(app, config.http);
      stopListening = () => listening.close();
      state.address = `http://${config.http.host}:${listening.port}`;
      if (database.ownerToken) await store.outbox.freeLeases();
      delivery.start();
      heart.start();
      await scheduler.start();
      firstLook = probeServers(parts, [...servers.keys()]);
      await within(firstLook, firstLookMs, clock);
      state.probed = true;
      await database.announce(state.address);
      log.info('gateway.ready', { port: listening.port, pid: process.pid, version });
      return state.address;
    },

    async stop() {
      await Promise.all([
        stopListening?.(),
        scheduler.stop(),
        hints.stop(),
        heart.stop(),
        delivery.stop(),
        directory.stop(),
      ]);
      await Promise.all([...servers.values()].map((server) => server.close()));
      await firstLook;
      await database.close();
      log.info('gateway.stopped', { pid: process.pid });
    },
  };
}

/** Resolves with the work, or when the time is over; rejects as the work does before that. */
async function within(work: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, clock.sleep(ms, done.signal)]).finally(() => done.abort());
}

/** What follows a notification: the Tasks of open referrals at that server as they are there now, and those placed there. */
async function lookAt({ config, exchanges, delivery }: Parts, server: string): Promise<void> {
  await exchanges.follow(config.tenant, server);
  await exchanges.collect(config.tenant, server);
  delivery.wake();
}

function notifySecrets({ servers }: Config): ReadonlyMap<string, string> {
  return new Map(
    servers.flatMap(({ id, notifySecret }) =>
      notifySecret === undefined ? [] : [[id, notifySecret] as const],
    ),
  );
}

/** Ids we choose: digests for what is published, keyed with the secret for what is clinical (identity.md). */
function localIds(secret: string): LocalId {
  return (lane, serverId, type, key) => {
    if (lane === 'publication') return logicalId(type, key);
    const digest = createHmac('sha256', secret).update(`${serverId}\n${type}\n${key}`).digest('hex');
    return `pas-${digest.slice(0, 32)}`;
  };
}

/** Green only when the database answers and every server was asked once, reachable, not reachable or silent (P-41). */
async function readiness(
  probed: boolean,
  ping: () => Promise<void>,
): Promise<{ ready: boolean; checks: { name: string; ok: boolean }[] }> {
  const database = await ping().then(
    () => true,
    () => false,
  );
  const checks = [
    { name: 'database', ok: database },
    { name: 'servers-asked', ok: probed },
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}
