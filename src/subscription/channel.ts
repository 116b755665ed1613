/** Subscribers as a way out: each item is one POST. Who may be told, where and of what is asked again at every attempt. */
import type { ClientConfig } from '../config.ts';
import type { Channel } from '../delivery/channel.ts';
import type { ClaimedItem, Effect, Receipt } from '../delivery/types.ts';
import { type Category, GatewayError } from '../fhir/error.ts';
import type { Store } from '../store/store.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { headerPairs } from './headers.ts';
import type { Notice } from './items.ts';
import { notificationOf } from './notification.ts';
import { readSubscription, type Wanted } from './read.ts';
import { mayCall } from './rights.ts';
import { toldEvents } from './told-events.ts';

export type ChannelParts = {
  client: ClientConfig;
  store: Pick<Store, 'subscriptions' | 'referrals'>;
  /** Of our `/fhir`. */
  base: () => string;
  now: () => Date;
};

/** The way to one client's addresses. Whatever may pass is tried again: what is lost meanwhile is a hint. */
export function subscriberChannel(parts: ChannelParts): Channel {
  return {
    async send(item, stillHeld) {
      const notice = item.detail as unknown as Notice;
      const subscription = await parts.store.subscriptions.get(item.tenant, notice.subscription);
      if (!isWanted(subscription, notice)) return receiptsOf(item, notice, '204 No longer asked for');
      const wanted = readSubscription(subscription.body);
      if (!mayCall(parts.client, wanted.endpoint))
        throw new GatewayError({
          ...{ category: 'forbidden', side: 'gateway' },
          message: 'L’adresse n’est plus parmi celles que la configuration permet à ce client.',
        });
      const body = await bodyOf(parts, subscription, wanted, notice);
      if (!(await stillHeld())) return 'lost';
      const status = await post(parts.client, subscription, wanted, JSON.stringify(body), notice);
      return receiptsOf(item, notice, `${status} Notified`);
    },
  };
}

/** What a delivered notification changes: an answered handshake makes active (SUB-02). */
export function subscriptionEffect(now: () => Date): Effect {
  return async (tx, item) => {
    const { subscription, type, activation } = item.detail as unknown as Notice;
    await tx.subscriptions.told(
      item.tenant,
      subscription,
      now(),
      type === 'handshake' ? activation : undefined,
    );
  };
}

/** Off, gone, or asked anew since: what was queued before says nothing any more. */
function isWanted(
  subscription: Subscription | undefined,
  { activation }: Notice,
): subscription is Subscription {
  return (
    subscription !== undefined && subscription.status !== 'off' && subscription.activation === activation
  );
}

async function bodyOf(
  { client, store, base, now }: ChannelParts,
  subscription: Subscription,
  { content }: Wanted,
  { type, event }: Notice,
): Promise<object> {
  const told = { type, base: base() };
  if (event === undefined) return notificationOf({ ...told, subscription, at: now(), events: [] });
  const { tenant, id } = subscription;
  const rows = await store.subscriptions.events(tenant, id, { from: event, until: event, limit: 1 });
  const events = await toldEvents(store, client, rows, content);
  const counted = { ...subscription, status: 'active', events: event } as const; // up to and with this one
  return notificationOf({ ...told, subscription: counted, at: rows[0]?.at ?? now(), events });
}

async function post(
  { id, notify }: ClientConfig,
  { configured, headers }: Subscription,
  { endpoint, timeoutS }: Wanted,
  body: string,
  { type }: Notice,
): Promise<number> {
  const secret: [string, string][] =
    configured && notify ? [['authorization', `Bearer ${notify.notifySecret}`]] : [];
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: [...headerPairs(headers), ...secret, ['content-type', 'application/fhir+json']],
    body,
    redirect: 'manual', // an answer like any other that is no 2xx: it leads nowhere
    signal: AbortSignal.timeout(timeoutS * 1000),
  }).catch(() => {
    // Without its cause: what fetch throws may quote a header.
    throw failure('unavailable', `L’adresse de notification de « ${id} » ne répond pas.`);
  });
  await answer.body?.cancel();
  if (answer.ok) return answer.status;
  const message = `L’adresse de notification de « ${id} » a répondu ${answer.status}.`;
  const passing = answer.status === 429 || answer.status >= 500 || type !== 'handshake';
  throw failure(passing ? 'unavailable' : 'unprocessable', message, answer.headers.get('retry-after'));
}

function failure(category: Category, message: string, retryAfter?: string | null): GatewayError {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return new GatewayError({
    ...{ category, side: 'server', message },
    ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
  });
}

function receiptsOf({ entries }: ClaimedItem, { subscription, event }: Notice, status: string): Receipt[] {
  return entries.map(({ type, key }) => ({
    ...{ type, key, localId: subscription, versionId: event, lastUpdated: undefined, status },
  }));
}
