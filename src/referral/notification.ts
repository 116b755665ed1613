/** What a subscriber is told: which Task changed, and nothing of it (Subscriptions R5 Backport for R4, id-only). Pure. */
import { canonicalBase } from '../fhir/names.ts';
import type { AnyResource } from '../fhir/types.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport';

/** Canonical of what is subscribed to. */
export const referralTopic = `${canonicalBase}/SubscriptionTopic/referral-changed`;

export type Notified = {
  client: string;
  /** Count of this subscriber's notifications; a string, as R4 has it (SUB-04). */
  event: string;
  /** Id of the Task at our `/fhir`. */
  task: string;
  at: string;
};

/** `base`: of our `/fhir`. */
export function notificationOf({ client, event, task, at }: Notified, base: string): AnyResource {
  const subscription = `${base}/Subscription/${client}`;
  const focus = `${base}/Task/${task}`;
  return {
    resourceType: 'Bundle',
    meta: { profile: [`${backport}/StructureDefinition/backport-subscription-notification-r4`] },
    type: 'history',
    timestamp: at,
    entry: [
      {
        fullUrl: `urn:uuid:${uuidOf(client, event)}`,
        resource: {
          resourceType: 'Parameters',
          meta: { profile: [`${backport}/StructureDefinition/backport-subscription-status-r4`] },
          parameter: [
            { name: 'subscription', valueReference: { reference: subscription } },
            { name: 'topic', valueCanonical: referralTopic },
            { name: 'status', valueCode: 'active' },
            { name: 'type', valueCode: 'event-notification' },
            { name: 'events-since-subscription-start', valueString: event },
            {
              name: 'notification-event',
              part: [
                { name: 'event-number', valueString: event },
                { name: 'timestamp', valueInstant: at },
                { name: 'focus', valueReference: { reference: focus } },
              ],
            },
          ],
        },
        request: { method: 'GET', url: `${subscription}/$status` },
        response: { status: '200' },
      },
      { fullUrl: focus, request: { method: 'PUT', url: `Task/${task}` }, response: { status: '200' } },
    ],
  };
}

/** The same for the same notification, however often it is sent. */
function uuidOf(client: string, event: string): string {
  const hex = [...`${client} ${event}`].reduce(
    (sum, one) => (sum * 31n + BigInt(one.codePointAt(0)!)) % 16n ** 31n,
    7n,
  );
  const text = hex.toString(16).padStart(31, '0');
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(12, 15)}`,
    `8${text.slice(15, 18)}`,
    text.slice(18, 30),
  ].join('-');
}
