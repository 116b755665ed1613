/**
 * What a subscriber is told and what it asks for: Bundles of Subscriptions R5 Backport for R4 (SUB-03 to SUB-05). Which
 * Task or document changed, and nothing of it. Pure.
 */
import type { AnyResource } from '../fhir/types.ts';
import { uuidOf } from '../fhir/uuid-of.ts';
import type { SubscriptionEvent } from '../store/subscription-events.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { profileUrls } from './topics.ts';

export type StatusType = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

/** An event as far as it may be told: without its focus to whom may not know it any more, or asked for none. */
export type ToldEvent = Pick<SubscriptionEvent, 'n' | 'at'> & {
  focus: Pick<SubscriptionEvent, 'focusType' | 'focusId' | 'version'> | undefined;
};

export type Told = {
  subscription: Pick<Subscription, 'id' | 'topic' | 'status' | 'events' | 'error'>;
  type: StatusType;
  at: Date;
  /** Of our `/fhir`. */
  base: string;
  events: readonly ToldEvent[];
};

/** A `history` Bundle: first the status, then an entry without resource for each focus (SUB-03, SUB-05). */
export function notificationOf(told: Told): AnyResource {
  const { base, at, subscription, type, events } = told;
  const url = `${base}/Subscription/${subscription.id}`;
  const numbers = events.map(({ n }) => n).join(' ') || at.toISOString();
  return {
    resourceType: 'Bundle',
    meta: { profile: [profileUrls.notification] },
    type: 'history',
    timestamp: at.toISOString(),
    entry: [
      {
        fullUrl: `urn:uuid:${uuidOf(`${url} ${type} ${numbers}`)}`, // the same however often it is sent
        resource: statusOf(told),
        request: { method: 'GET', url: `${url}/$status` },
        response: { status: '200' },
      },
      ...events.flatMap(({ focus }) => (focus ? [focusEntry(base, focus)] : [])),
    ],
  };
}

/** Answer of `$status`: a `searchset` with one status for each subscription. */
export function statusesOf(statuses: readonly Told[]): AnyResource {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: statuses.length,
    entry: statuses.map((told) => {
      const { base, subscription, at } = told;
      const url = `${base}/Subscription/${subscription.id}/$status`;
      const id = uuidOf(`${url} ${at.toISOString()}`);
      return {
        fullUrl: `urn:uuid:${id}`,
        resource: { ...statusOf(told), id }, // what a search found has one
        search: { mode: 'match' },
      };
    }),
  };
}

function statusOf({ base, subscription, type, events }: Told): AnyResource {
  const url = `${base}/Subscription/${subscription.id}`;
  return {
    resourceType: 'Parameters',
    meta: { profile: [profileUrls.status] },
    parameter: [
      { name: 'subscription', valueReference: { reference: url } },
      { name: 'topic', valueCanonical: subscription.topic },
      { name: 'status', valueCode: subscription.status },
      { name: 'type', valueCode: type },
      { name: 'events-since-subscription-start', valueString: subscription.events },
      ...events.map(({ n, at, focus }) => ({
        name: 'notification-event',
        part: [
          { name: 'event-number', valueString: n },
          { name: 'timestamp', valueInstant: at.toISOString() },
          ...(focus
            ? [
                {
                  name: 'focus',
                  valueReference: { reference: `${base}/${focus.focusType}/${focus.focusId}` },
                },
              ]
            : []),
        ],
      })),
      ...(subscription.error ? [{ name: 'error', valueCodeableConcept: { text: subscription.error } }] : []),
    ],
  };
}

function focusEntry(base: string, { focusType, focusId, version }: NonNullable<ToldEvent['focus']>): object {
  const fullUrl = `${base}/${focusType}/${focusId}`;
  return version === 1
    ? { fullUrl, request: { method: 'POST', url: focusType }, response: { status: '201' } }
    : { fullUrl, request: { method: 'PUT', url: `${focusType}/${focusId}` }, response: { status: '200' } };
}
