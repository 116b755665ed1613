import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { errorFields, type Log } from '../log.ts';
import type { FhirServer } from '../server/types.ts';
import type { ClaimRequest, Lane } from '../store/outbox-claims.ts';
import type { OutboxFilter } from '../store/outbox.ts';
import type { Channel } from './channel.ts';
import { createCircuits } from './circuits.ts';
import { claimedItem } from './claimed-item.ts';
import { deliverItem } from './deliver-item.ts';
import { drain, type Drained } from './drain.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import type { DeliveryStore } from './port.ts';
import { expiredReason } from './reason.ts';
import type { LocalId } from './target.ts';
import type { ClaimedItem, Effect, Prepare } from './types.ts';

export type DeliveryParts = {
  store: DeliveryStore;
  servers: ReadonlyMap<string, FhirServer>;
  serverConfigs: readonly ServerConfig[];
  /** Ways out beside the servers, by the id that items name as their server. */
  channels?: ReadonlyMap<string, Channel>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** By item kind, else by lane. */
  effects: ReadonlyMap<string, Effect>;
  /** By item kind, else by lane. */
  prepare?: ReadonlyMap<string, Prepare>;
  localId: LocalId;
  documentBytes: (tenant: string, documentId: string) => Promise<Buffer>;
  policy?: Partial<Policy>;
};

export type Delivery = {
  /** Sends what is due, now and as it comes, until `stop`. */
  start(): void;
  /** Ends within two seconds: what is under way is finished or handed back. */
  stop(): Promise<void>;
  /** Sends what is due at this moment; answers how many items it took. */
  runOnce(): Promise<number>;
  /** Looks at the outbox at once. */
  wake(): void;
  /** Waits for what matches; see drain.ts. Sends by itself when the delivery was not started. */
  drain(tenant: string, filter: OutboxFilter, signal?: AbortSignal): Promise<Drained[]>;
  /** Queues parked items again; answers how many. */
  retry(tenant: string, filter: OutboxFilter): Promise<number>;
};

const lanes: readonly Lane[] = ['clinical', 'publication'];

/** Why a pause ends, each time the same: an `abort()` without a reason makes an error with its stack, many times a second. */
const woken = 'woken';

/** The delivery of one gateway; any number of them may share an outbox. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { store, servers, clock, ids, log } = parts;
  const policy = { ...defaultPolicy, ...parts.policy };
  const configs = new Map(parts.serverConfigs.map((config) => [config.id, config]));
  const circuits = createCircuits(policy);
  const owner = ids.uuid();
  const channels = parts.channels ?? new Map<string, Channel>();
  const underWay = new Map<ClaimedItem, Promise<void>>();
  let stopped: AbortController | undefined;
  let running: Promise<void> | undefined;
  let pause = new AbortController();
  let lookedAt = -Infinity;
  /** More was due at the last claim than could be taken. */
  let isBehind = false;

  const free = (serverId: string, lane: Lane): number =>
    policy.slots[lane] - [...underWay.keys()].filter((item) => goesTo(item, { serverId, lane })).length;

  /** Claims what is due and sets it going; answers what was set going. Whoever is down is tried at a `look` only. */
  async function dispatch(look: boolean): Promise<Promise<void>[]> {
    const now = new Date(clock.now());
    const down = new Set(circuits.down().map(({ serverId }) => serverId));
    const begun = look ? await lookAround(now, [...down]) : [];
    const from = [...servers.keys(), ...channels.keys()]
      .filter((serverId) => !down.has(serverId))
      .flatMap((serverId) => lanes.map((lane) => ({ serverId, lane, limit: free(serverId, lane) })))
      .filter(({ limit }) => limit > 0);
    return [...begun, ...(await claim(from, now, look))];
  }

  /** What time alone brings about, and a try of servers that are down: not at every wake, for each reads a whole backlog. */
  async function lookAround(now: Date, down: readonly string[]): Promise<Promise<void>[]> {
    lookedAt = now.getTime();
    for (const { id } of await store.outbox.expire(now, expiredReason))
      log.warn('delivery.expired', { item: id });
    for (const { serverId, reason } of circuits.down()) await store.outbox.explain(serverId, reason, false);
    const begun: Promise<void>[] = [];
    for (const { serverId, lane } of down.length ? await store.outbox.due(down, now) : []) {
      const limit = circuits.slots(serverId, free(serverId, lane), now.getTime());
      if (limit > 0) begun.push(...(await claim([{ serverId, lane, limit }], now, true)));
    }
    return begun;
  }

  async function claim(from: ClaimRequest['from'], now: Date, leftBehind: boolean): Promise<Promise<void>[]> {
    if (from.length === 0) return [];
    const claims = await store.outbox.claim({ from, leftBehind, owner, now, leaseMs: policy.leaseMs });
    isBehind = from.some((one) => claims.filter((taken) => goesTo(taken, one)).length >= one.limit);
    return claims.map((one) => begin(claimedItem(one)));
  }

  /** Twice a poll at most; a clock that was set back is no reason to wait. */
  function isTimeToLook(): boolean {
    const since = clock.now() - lookedAt;
    return since < 0 || since >= policy.pollMs / 2;
  }

  function begin(item: ClaimedItem): Promise<void> {
    const { serverId } = item;
    const to = channels.get(serverId) ?? { server: servers.get(serverId)!, config: configs.get(serverId)! };
    const done = deliverItem(item, { ...parts, policy, circuits, to })
      .then(() => undefined)
      // The database did not take the outcome: the lease ends by itself and the server is read back.
      .catch((error: unknown) => log.error('delivery.unrecorded', { item: item.id, ...errorFields(error) }))
      .finally(() => {
        underWay.delete(item);
        wake();
      });
    underWay.set(item, done);
    return done;
  }

  const wake = (): void => pause.abort(woken);

  async function loop(signal: AbortSignal): Promise<void> {
    let unlisten: (() => Promise<void>) | undefined;
    while (!signal.aborted) {
      pause = new AbortController();
      try {
        unlisten ??= await store.onOutbox(wake);
        void (await dispatch(isTimeToLook())); // what was set going reports by itself
      } catch (error) {
        log.error('delivery.loop', errorFields(error)); // a database error never ends the loop (P-30)
      }
      if (!signal.aborted) await clock.sleep(policy.pollMs, pause.signal);
      // Each place that comes free wakes: behind a backlog one claim fills several of them.
      if (isBehind && !signal.aborted) await clock.sleep(policy.gatherMs);
    }
    await unlisten?.().catch(() => undefined);
  }

  async function handBack(): Promise<void> {
    const due = new Date(clock.now() + policy.leaseMs);
    for (const item of underWay.keys()) await store.outbox.postpone(item, due, null).catch(() => false);
  }

  const runOnce = async (): Promise<number> => {
    const begun = await dispatch(true);
    await Promise.all(begun);
    return begun.length;
  };

  return {
    runOnce,
    wake,
    start() {
      if (running) return;
      stopped = new AbortController();
      running = loop(stopped.signal);
    },
    async stop() {
      stopped?.abort();
      wake();
      const finished = new AbortController();
      const all = Promise.all([running, ...underWay.values()]).then(() => finished.abort());
      await Promise.race([all, clock.sleep(policy.stopMs, finished.signal)]);
      await handBack();
      running = undefined;
    },
    async drain(tenant, filter, signal) {
      if (running) return drain(store, clock, tenant, filter, signal);
      const settled = new AbortController();
      const sending = (async () => {
        while (!settled.signal.aborted) if ((await runOnce()) === 0) await clock.sleep(50, settled.signal);
      })();
      try {
        return await drain(store, clock, tenant, filter, signal);
      } finally {
        settled.abort();
        await sending;
      }
    },
    retry(tenant, filter) {
      const now = clock.now();
      return store.outbox.requeue(tenant, filter, new Date(now), new Date(now + policy.ttlMs));
    },
  };
}

type Way = { serverId: string; lane: Lane };

function goesTo(item: Way, { serverId, lane }: Way): boolean {
  return item.serverId === serverId && item.lane === lane;
}
