import type { Repositories } from '../store/store.ts';
import type { Refused, TenantReceipt } from './attempt.ts';
import type { Json } from '../fhir/types.ts';
import type { DeliveryStore } from './port.ts';
import { reasonOf } from './reason.ts';
import type { ClaimedItem, Effect } from './types.ts';

/**
 * Records that an item is at its server: state, receipts, reference rows and the effect, in one transaction under the
 * fence of the claim; what the server refused is set aside, resource by resource. `lost`: the lease was lost, nothing
 * is recorded, whoever holds the item now reads back.
 */
export async function record(
  store: Pick<DeliveryStore, 'transaction'>,
  item: ClaimedItem,
  { receipts, refused }: { receipts: readonly TenantReceipt[]; refused: readonly Refused[] },
  effect: Effect | undefined,
  now: Date,
): Promise<'delivered' | 'parked' | 'lost'> {
  const bad = new Set(refused.flatMap(({ entries }) => entries));
  const entries = item.entries.filter((entry) => !bad.has(entry));
  return store.transaction(async (tx) => {
    if (entries.length === 0)
      return (await setRefusedAside(tx, item, refused, now, true)) ? 'parked' : 'lost';
    const good = { ...item, entries };
    if (refused.length) {
      const payload = { entries: entries as unknown as Json[], detail: item.detail };
      if (!(await tx.outbox.rewrite(item, payload))) return 'lost';
      await setRefusedAside(tx, item, refused, now, false);
    }
    if (!(await tx.outbox.deliver(item, now))) return 'lost';
    await tx.receipts.add(receipts.map((receipt) => receiptRow(item, receipt, now)));
    await learn(tx, item, receipts);
    await effect?.(tx, good, receipts);
    return 'delivered';
  });
}

/** One parked item for each refused resource or circle of links, under a subject of its own: nothing waits behind it. */
async function setRefusedAside(
  tx: Repositories,
  item: ClaimedItem,
  refused: readonly Refused[],
  at: Date,
  whole: boolean,
): Promise<boolean> {
  const payloadOf = ({ entries }: Refused) => ({
    entries: entries as unknown as Json[],
    detail: item.detail,
  });
  const subject = (index: number): string => `${item.subject} refused ${item.id}/${index + 1}`;
  const [first] = refused;
  if (whole && first) {
    if (!(await tx.outbox.rewrite(item, payloadOf(first)))) return false;
    if (!(await tx.outbox.park(item, at, reasonOf(first.error, 1), subject(0)))) return false;
  }
  const rest = refused.map((one, index) => ({ one, index })).slice(whole ? 1 : 0);
  await tx.outbox.add(
    rest.map(({ one, index }) => ({
      ...{ tenant: item.tenant, lane: item.lane, serverId: item.serverId, kind: item.kind },
      ...{ subject: subject(index), payload: payloadOf(one), runId: item.runId, referralId: item.referralId },
      ...{ createdAt: item.createdAt, deadline: item.deadline },
      parked: { at, reason: reasonOf(one.error, 1) },
    })),
  );
  return true;
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
