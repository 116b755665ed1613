/** Clients that the configuration has told (`clients.notify`): a subscription like any other, that nobody had to ask for. */
import type { ClientConfig } from '../config.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';
import { extensionUrls, topics } from './topics.ts';

/**
 * Makes them what the configuration says: active without handshake, the configuration vouches for the address; off once it
 * names none. What stands already stays as it is, with its count. To be called when a gateway starts.
 */
export async function keepConfigured(
  store: Store,
  clients: readonly ClientConfig[],
  now: Date,
): Promise<void> {
  for (const client of clients) {
    const { id, tenant, notify } = client;
    await store.transaction(async (tx) => {
      const current = await tx.subscriptions.lock(tenant, id);
      if (!notify) {
        if (current?.configured && current.status !== 'off')
          await tx.subscriptions.replace({ ...current, status: 'off' }, false, now);
        return;
      }
      const { canonical: topic } = topics[0]!;
      const wanted = { tenant, id, client: id, configured: true, status: 'active' as const, topic };
      const asked = {
        ...wanted,
        body: bodyOf(notify.endpoint, topic),
        headers: [],
        heartbeatS: null,
        endAt: null,
      };
      if (!current) await tx.subscriptions.insert(asked, now);
      else if (current.status === 'off' || contentHash(current.body) !== contentHash(asked.body))
        await tx.subscriptions.replace(asked, false, now);
    });
  }
}

function bodyOf(endpoint: string, criteria: string): AnyResource {
  return {
    resourceType: 'Subscription',
    reason: 'Configuration de la passerelle (notify)',
    criteria,
    channel: {
      type: 'rest-hook',
      endpoint,
      payload: 'application/fhir+json',
      _payload: { extension: [{ url: extensionUrls.content, valueCode: 'id-only' }] },
    },
  };
}
