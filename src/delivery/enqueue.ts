import type { Clock } from '../clock.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import type { StoredItem } from '../store/outbox.ts';
import type { Repositories } from '../store/store.ts';
import { defaultPolicy } from './policy.ts';
import type { NewItem } from './types.ts';

/** Entries one transaction may have (drift.md: small transactions make small windows). */
export const maxEntries = 64;

/**
 * Puts items into the outbox, in the transaction of the state that causes them; delivery is announced at commit.
 * Throws a `fault` when an item has no entry, more than 64, or two for one resource (P-19).
 */
export async function enqueue(
  tx: Pick<Repositories, 'outbox'>,
  items: readonly NewItem[],
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  await tx.outbox.add(items.map((item) => stored(item, clock.now())));
}

function stored(item: NewItem, now: number): StoredItem {
  const names = new Set(item.entries.map((entry) => `${entry.type} ${entry.key}`));
  if (item.entries.length === 0 || item.entries.length > maxEntries || names.size < item.entries.length)
    throw new GatewayError({
      category: 'fault',
      side: 'gateway',
      message: `Un envoi porte de 1 à ${maxEntries} ressources, chacune une seule fois.`,
    });
  const { tenant, lane, serverId, subject, kind } = item;
  return {
    ...{ tenant, lane, serverId, subject, kind },
    payload: { entries: item.entries as unknown as Json[], detail: item.detail ?? null },
    runId: item.runId ?? null,
    referralId: item.referralId ?? null,
    createdAt: new Date(now),
    deadline: new Date(now + (item.ttlMs ?? defaultPolicy.ttlMs)),
  };
}
