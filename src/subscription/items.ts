/** What subscriptions put into the outbox: one item a notification, in order for each subscription. */
import type { NewItem } from '../delivery/types.ts';
import { canonicalBase } from '../fhir/names.ts';
import type { Subscription } from '../store/subscriptions.ts';

/** What items of a client's subscriptions name as their server: one way out a client (so the store knows them, too). */
export function subscriberId(client: string): string {
  return `notify/${client}`;
}

/** Ordering key of what one subscription is told (so the store knows it, too). */
export function subscriptionSubject(id: string): string {
  return `subscription/${id}`;
}

/** Kind of all of them. */
export const subscriptionKind = 'subscription';

/** What an item carries; all else is looked up when it is sent. */
export type Notice = {
  subscription: string;
  type: 'handshake' | 'heartbeat' | 'event-notification';
  /** Number of the event, as text. */
  event?: string;
  activation: number;
};

/** A handshake that nobody answers for so long has failed (SUB-02). */
const handshakeMs = 60_000;

/** The item of one notification. */
export function noticeItem(
  { tenant, id, client, activation }: Pick<Subscription, 'tenant' | 'id' | 'client' | 'activation'>,
  type: Notice['type'],
  event?: { n: string; referralId: string },
): NewItem {
  const notice: Notice = { subscription: id, type, activation, ...(event ? { event: event.n } : {}) };
  return {
    ...{ tenant, lane: 'clinical', serverId: subscriberId(client), subject: subscriptionSubject(id) },
    kind: subscriptionKind,
    entries: [
      {
        type: 'Subscription',
        key: `${canonicalBase}/subscription|${id}`,
        body: { resourceType: 'Subscription' },
      },
    ],
    detail: notice,
    ...(event ? { referralId: event.referralId } : {}),
    ...(type === 'handshake' ? { ttlMs: handshakeMs } : {}),
  };
}
