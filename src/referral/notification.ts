/** What a subscriber is told: which Task changed, and nothing of it (Subscriptions R5 Backport for R4, id-only). Pure. */
import { canonicalBase } from '../fhir/names.ts';
import type { AnyResource } from '../fhir/types.ts';
import { uuidOf } from '../fhir/uuid-of.ts';

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
        fullUrl: `urn:uuid:${uuidOf(`${subscription} ${event}`)}`, // the same however often it is sent
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
