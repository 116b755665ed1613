/**
 * Referrals placed at a hospital's own server, fetched from its list of Tasks (REF-08): accepted as if they had been
 * posted, told back there, and taken back or closed when the order there says so.
 */
import type { ClientConfig, ServerConfig } from '../config.ts';
import { keysOf, splitKey } from '../fhir/key.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { FhirServer } from '../server/types.ts';
import type { Referral } from '../store/referrals.ts';
import { acceptReferral } from './accept.ts';
import { recognise } from './check.ts';
import { closeReferral } from './close.ts';
import { gatherReferral } from './collect-bundle.ts';
import type { Caller, ReferralContext } from './context.ts';
import { partKey, referralSystem } from './names.ts';
import { oneByOne, problemOf } from './one-by-one.ts';
import { tellIfMoved } from './tell-placer.ts';
import { withdraw } from './withdraw.ts';

export type CollectParts = ReferralContext & {
  connect: (serverId: string) => FhirServer;
  clients: readonly ClientConfig[];
  log: Log;
};

export type Collected = {
  /** Referrals accepted by this pass. */
  accepted: string[];
  /**
   * What could not be, in French; nothing of it is lost: a Task stays requested there and is tried again; a referral that
   * was accepted is looked at again.
   */
  problems: Problem[];
};

type Problem = { server: string; task: string | undefined; referral?: string; message: string };

/** One pass over the servers whose Tasks are to be fetched, or one of them; one that is silent is told (P-34). */
export async function collectReferrals(
  parts: CollectParts,
  tenant: string,
  only?: string,
): Promise<Collected> {
  const collected: Collected = { accepted: [], problems: [] };
  for (const server of parts.servers) {
    if (!server.collect || (only !== undefined && server.id !== only)) continue;
    const problem = (error: unknown, of: { task?: string; referral?: string } = {}): void => {
      const message = problemOf(parts.log, 'referral.not-collected', { server: server.id }, error);
      collected.problems.push({ server: server.id, task: undefined, ...of, message });
    };
    try {
      await oneByOne(
        parts.store,
        await placedAt(parts, tenant, server),
        async (task) => void collected.accepted.push(await acceptOne(parts, tenant, server, task)),
        (task, error) => problem(error, { task: task.id }),
      );
      await followPlacer(parts, tenant, server.id, problem);
    } catch (error) {
      problem(error);
    }
  }
  return collected;
}

type Stored = AnyResource & { id: string };

/** Tasks there that ask for a fulfilment, are nobody's yet and were not accepted before. */
async function placedAt(
  { connect, rules, store }: CollectParts,
  tenant: string,
  { id }: ServerConfig,
): Promise<Stored[]> {
  const [code] = rules.referral.codes.find(({ type }) => type === 'Task')!.anyOf;
  const tasks: Stored[] = [];
  const params = { status: 'requested', code: `${code!.system}|${code!.code}` };
  for await (const task of connect(id).search('Task', params)) {
    const ours = keysOf(task).some((key) => splitKey(key).system === referralSystem);
    if (!ours && task['status'] === 'requested' && task.id !== undefined) tasks.push(task as Stored);
  }
  const known = await store.references.byLocalIds(
    [tenant],
    id,
    tasks.map((task) => task.id),
  );
  return tasks.filter((task) => !known.some(({ type, localId }) => type === 'Task' && localId === task.id));
}

/** Accepts one, then notes where its Task and order are; a crash in between is mended by the next pass. */
async function acceptOne(
  parts: CollectParts,
  tenant: string,
  server: ServerConfig,
  task: Stored,
): Promise<string> {
  const { store, connect, rules, ids } = parts;
  const bundle = await gatherReferral(connect(server.id), task, rules.referral, ids);
  const caller = callerFor(parts, tenant, server.id);
  const { orderKey } = recognise(bundle, rules.referral);
  await acceptReferral(parts, caller, bundle);
  const referral = (await store.referrals.byOrder(tenant, orderKey)).find(
    ({ placerClient }) => placerClient === caller.client,
  )!;
  const order = parseLocalReference((task['focus'] as Reference | undefined)?.reference ?? '');
  const row = (type: string, part: string, localId: string) => ({
    ...{ tenant, serverId: server.id, type, key: partKey(referral.id, part), localId },
    ...{ versionId: null, lastUpdated: null, ours: false },
  });
  await store.references.put([
    row('Task', 'placer-task', task.id),
    ...(order ? [row('ServiceRequest', 'placer-order', order.id)] : []),
  ]);
  return referral.id;
}

/** Acts in the name of the configured client that places referrals for this server. */
function callerFor({ clients, ids }: CollectParts, tenant: string, server: string): Caller {
  const client = clients.find((one) => one.server === server && one.roles.includes('placer'));
  if (client) return { client: client.id, tenant, server, roles: ['placer'], requestId: ids.uuid() };
  throw new Error(`no client places referrals for ${server}`); // the configuration is checked for it
}

/** Open referrals whose order stands there: what it says is done here, what became of the Task is told there. */
async function followPlacer(
  parts: CollectParts,
  tenant: string,
  serverId: string,
  problem: (error: unknown, of: { referral: string }) => void,
): Promise<void> {
  const { store, connect } = parts;
  for await (const page of store.referrals.open(tenant)) {
    const placed = new Map(
      page
        .filter(({ placerServer }) => placerServer === serverId)
        .map((one) => [partKey(one.id, 'placer-order'), one]),
    );
    const rows = await store.references.find([tenant], serverId, [...placed.keys()]);
    const orders = await connect(serverId).readEach(rows.map(({ type, localId }) => ({ type, id: localId })));
    const referralAt = (index: number): Referral => placed.get(rows[index]!.key)!;
    await oneByOne(
      store,
      orders.entries(),
      async ([index, order]) => {
        const referral = referralAt(index);
        if (order.state === 'unread') problem(order.error, { referral: referral.id });
        if (order.state === 'found') await obey(parts, referral, String(order.resource['status']));
        await tellIfMoved(parts, referral);
      },
      ([index], error) => problem(error, { referral: referralAt(index).id }),
    );
  }
}

async function obey(
  parts: CollectParts,
  { tenant, id, placerClient }: Referral,
  status: string,
): Promise<void> {
  if (status !== 'revoked' && status !== 'completed') return;
  await parts.store.transaction(async (tx) => {
    const referral = (await tx.referrals.lock(tenant, id))!;
    const now = new Date(parts.clock.now());
    if (status === 'revoked') await withdraw(tx, parts, referral, { role: 'placer', actor: placerClient });
    else await closeReferral(tx, referral, placerClient, now);
  });
}
