/** What a client does to its own subscriptions over FHIR: ask, ask again, switch off, take away. */
import type { Clock, Ids } from '../clock.ts';
import type { ClientConfig } from '../config.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { GatewayError } from '../fhir/error.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Repositories, Store } from '../store/store.ts';
import type { NewSubscription, Subscription } from '../store/subscriptions.ts';
import { noticeItem, subscriberId, subscriptionSubject } from './items.ts';
import { readSubscription, type Wanted } from './read.ts';
import { refuse, unknownSubscription } from './refuse.ts';
import { mayCall } from './rights.ts';

export type SubscriptionContext = { store: Store; clients: readonly ClientConfig[]; clock: Clock; ids: Ids };

/** Who asks, and under which request id it is told in the audit trail. */
export type Subscriber = { client: string; tenant: string; requestId: string };

/** Subscriptions of one client at once. */
const most = 50;

/**
 * `POST Subscription`: kept as `requested` (SUB-02); a handshake is on its way when this is answered. Throws
 * `unprocessable` (what is not done here, SUB-07) and `forbidden` (an address that the configuration does not name).
 */
export async function createSubscription(
  context: SubscriptionContext,
  who: Subscriber,
  resource: AnyResource,
): Promise<AnyResource> {
  const wanted = wantedOf(context, who, resource);
  if (resource['status'] !== 'requested')
    throw refuse(
      'Un abonnement naît « requested » ; la passerelle le rend actif.',
      'Subscription.status',
      'value',
    );
  const id = context.ids.uuid();
  return acting(context, who, 'create', id, async (tx, now) => {
    if ((await tx.subscriptions.of(who.tenant, who.client)).length >= most)
      throw refuse(`Au plus ${most} abonnements par client : supprimez-en.`, 'Subscription', 'too-costly');
    const asked = askedOf(who, id, resource, wanted, wanted.headers ?? []);
    await tx.subscriptions.insert(asked, now);
    await enqueue(tx, [noticeItem({ ...asked, activation: 1 }, 'handshake')], context.clock);
  });
}

/**
 * `PUT Subscription/<id>`: `requested` asks anew, with the same or other content, and begins with a handshake (SUB-06);
 * `off` ends it. What waited to be sent is set aside: it stays in `$events`. Headers that are not given stay as they were
 * for the same address. Throws as `createSubscription` does, and `not-found`, `conflict` (stale version).
 */
export async function updateSubscription(
  context: SubscriptionContext,
  who: Subscriber,
  resource: AnyResource & { id: string },
  expected?: number,
): Promise<AnyResource> {
  const { id } = resource;
  const wanted = wantedOf(context, who, resource);
  const status: unknown = resource['status'];
  if (status !== 'requested' && status !== 'off')
    throw refuse(
      '« active » et « error » appartiennent à la passerelle : demandez « requested » ou « off ».',
      ...['Subscription.status', 'value' as const],
    );
  return acting(context, who, 'update', id, async (tx, now) => {
    const current = await ownOf(tx, who, id);
    if (expected !== undefined && current.version !== expected) throw stale();
    const body = shownBody(resource);
    if (current.configured && (status === 'off' || contentHash(body) !== contentHash(current.body)))
      throw ofConfiguration();
    const same = readSubscription(current.body).endpoint === wanted.endpoint;
    const headers = wanted.headers ?? (same ? current.headers : []);
    const { configured } = current;
    const asked: NewSubscription = { ...askedOf(who, id, resource, wanted, headers), status, configured };
    await setAside(tx, current, now);
    await tx.subscriptions.replace(asked, status === 'requested', now);
    const renewed = { ...current, activation: current.activation + 1 };
    if (status === 'requested') await enqueue(tx, [noticeItem(renewed, 'handshake')], context.clock);
  });
}

/** `DELETE Subscription/<id>`; done again, or for one that is not the caller's, it changes nothing (CORE-08). */
export async function removeSubscription(
  context: SubscriptionContext,
  who: Subscriber,
  id: string,
): Promise<void> {
  const { store, clock } = context;
  const now = new Date(clock.now());
  await store.transaction(async (tx) => {
    const found = await tx.subscriptions.lock(who.tenant, id);
    const own = found?.client === who.client ? found : undefined;
    if (own?.configured) throw ofConfiguration();
    if (own) {
      await setAside(tx, own, now);
      await tx.subscriptions.remove(who.tenant, id);
    }
    await audit(tx, who, 'delete', own ? id : undefined, now);
  });
}

/** One act with its line in the audit trail; answers the subscription as it is then. */
async function acting(
  { store, clock }: SubscriptionContext,
  who: Subscriber,
  action: string,
  id: string,
  work: (tx: Repositories, now: Date) => Promise<void>,
): Promise<AnyResource> {
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    await work(tx, now);
    await audit(tx, who, action, id, now);
    return shown((await tx.subscriptions.get(who.tenant, id))!);
  });
}

async function audit(
  tx: Repositories,
  { tenant, client, requestId }: Subscriber,
  action: string,
  id: string | undefined,
  at: Date,
): Promise<void> {
  const entity = { type: 'Subscription', ...(id ? { id } : {}) };
  const outcome = 'done' as const;
  await tx.audit.add({
    tenant,
    at,
    actor: client,
    action: `subscription.${action}`,
    requestId,
    outcome,
    entity,
  });
}

function wantedOf({ clients }: SubscriptionContext, who: Subscriber, resource: AnyResource): Wanted {
  const wanted = readSubscription(resource);
  const client = clients.find(({ id }) => id === who.client);
  if (client && mayCall(client, wanted.endpoint)) return wanted;
  throw new GatewayError({
    ...{ category: 'forbidden', side: 'sender' },
    message:
      'Adresse de notification hors des origines que la configuration permet à ce client (clients.subscriptions.origins).',
  });
}

async function ownOf(tx: Repositories, { tenant, client }: Subscriber, id: string): Promise<Subscription> {
  const found = await tx.subscriptions.lock(tenant, id);
  if (found?.client !== client) throw unknownSubscription();
  return found;
}

function askedOf(
  { tenant, client }: Subscriber,
  id: string,
  resource: AnyResource,
  { topic, heartbeatS, endAt }: Wanted,
  headers: string[],
): NewSubscription {
  return {
    ...{ tenant, id, client, configured: false, status: 'requested', headers, heartbeatS, endAt },
    ...{ topic: topic.canonical, body: shownBody(resource) },
  };
}

/** Without what is not shown (headers), what is the gateway's own (id, meta, status, error) and what nobody reads (text). */
function shownBody(resource: AnyResource): AnyResource {
  const { id: _id, meta: _meta, status: _status, error: _error, text: _text, ...body } = resource;
  const { header: _header, ...channel } = body['channel'] as { header?: unknown };
  return { ...body, channel };
}

/** As resource of this endpoint. */
export function shown({ id, version, updatedAt, body, status, error }: Subscription): AnyResource {
  const { resourceType, ...content } = body;
  const meta = { versionId: String(version), lastUpdated: updatedAt.toISOString() };
  return { resourceType, id, meta, ...content, status, ...(error ? { error } : {}) };
}

async function setAside(tx: Repositories, { tenant, id, client }: Subscription, now: Date): Promise<void> {
  await tx.outbox.supersede(
    tenant,
    { serverId: subscriberId(client), subject: subscriptionSubject(id) },
    now,
  );
}

function ofConfiguration(): GatewayError {
  const message = 'Cet abonnement est celui de la configuration (notify) : il se change là.';
  return refuse(message, 'Subscription', 'conflict');
}

function stale(): GatewayError {
  const message = 'L’abonnement a changé depuis la version indiquée : relisez-le, puis recommencez.';
  return new GatewayError({ category: 'conflict', side: 'sender', message });
}
