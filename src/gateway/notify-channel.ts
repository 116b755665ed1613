/** Subscribers as a way out: each item is one POST to the address that the configuration names. */
import type { ClientConfig } from '../config.ts';
import type { Channel } from '../delivery/channel.ts';
import { GatewayError } from '../fhir/error.ts';
import { type Notified, notificationOf } from '../referral/notification.ts';

/** Longer than a quick 2xx takes (SUB-08). */
const answerMs = 15_000;

/** `base`: of our `/fhir`. Whatever is not a 2xx is tried again: what is lost is a hint, and the Task can be read. */
export function notifyChannel(
  { endpoint, notifySecret }: NonNullable<ClientConfig['notify']>,
  base: () => string,
): Channel {
  return {
    async send(item, stillHeld) {
      const notified = item.detail as unknown as Notified;
      if (!(await stillHeld())) return 'lost';
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${notifySecret}` },
        body: JSON.stringify(notificationOf(notified, base())),
        redirect: 'error',
        signal: AbortSignal.timeout(answerMs),
      }).catch((cause: unknown) => {
        throw unreached(notified.client, 'ne répond pas', cause);
      });
      await answer.body?.cancel();
      if (!answer.ok) throw unreached(notified.client, `a répondu ${answer.status}`);
      const [{ type, key } = { type: 'Task', key: '' }] = item.entries;
      const receipt = { localId: notified.task, versionId: notified.event, lastUpdated: undefined };
      return [{ type, key, ...receipt, status: `${answer.status} Notified` }];
    },
  };
}

function unreached(client: string, what: string, cause?: unknown): GatewayError {
  return new GatewayError({
    ...{ category: 'unavailable', side: 'server' },
    message: `L’adresse de notification de « ${client} » ${what}.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
