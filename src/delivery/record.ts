import type { Repositories } from '../store/store.ts';
import type { TenantReceipt } from './attempt.ts';
import type { DeliveryStore } from './port.ts';
import type { ClaimedItem, Effect } from './types.ts';

/**
 * Records that an item is at its server: state, receipts, reference rows and the effect, in one transaction under the
 * fence of the claim. False when the lease was lost: nothing is recorded, whoever holds the item now reads back.
 */
export async function record(
  store: Pick<DeliveryStore, 'transaction'>,
  item: ClaimedItem,
  receipts: readonly TenantReceipt[],
  effect: Effect | undefined,
  now: Date,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    if (!(await tx.outbox.deliver(item, now))) return false;
    await tx.receipts.add(receipts.map((receipt) => receiptRow(item, receipt, now)));
    await learn(tx, item, receipts);
    await effect?.(tx, item, receipts);
    return true;
  });
}

async function learn(tx: Repositories, item: ClaimedItem, receipts: readonly TenantReceipt[]): Promise<void> {
  await tx.references.put(
    receipts.map(({ tenant, type, key, localId, versionId, lastUpdated, ours }) => ({
      ...{ tenant, serverId: item.serverId, type, key, localId, ours },
      versionId: versionId ?? null,
      lastUpdated: instant(lastUpdated),
    })),
  );
}

function receiptRow(item: ClaimedItem, receipt: TenantReceipt, now: Date) {
  const { type, key, localId, status } = receipt;
  return {
    ...{ tenant: item.tenant, outboxId: item.id, serverId: item.serverId, type, key, localId, status },
    versionId: receipt.versionId ?? null,
    lastUpdated: instant(receipt.lastUpdated),
    receivedAt: now,
  };
}

/** A server's instant; one that cannot be read is as good as none. */
function instant(text: string | undefined): Date | null {
  const date = text === undefined ? undefined : new Date(text);
  return date && !Number.isNaN(date.getTime()) ? date : null;
}
