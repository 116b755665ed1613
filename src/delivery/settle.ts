import type { GatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';
import type { DeliveryStore } from './port.ts';
import { type Policy, retryDelay } from './policy.ts';
import { reasonOf, type Reason } from './reason.ts';
import type { Moved } from './attempt.ts';
import type { ClaimedItem, Effect } from './types.ts';

/** What became of an item that could not be delivered now; `lost`: another gateway holds it. */
export type Settled = 'waiting' | 'parked' | 'lost';

/**
 * Settles a failed attempt: what may succeed later waits, growing and jittered, at least as long as the server asked
 * for and never beyond its deadline; everything else is parked at once, with the reason.
 */
export async function settle(
  store: Pick<DeliveryStore, 'outbox'>,
  item: ClaimedItem,
  error: GatewayError,
  policy: Policy,
  now: number,
  fraction: number,
): Promise<Settled> {
  const limit = { conflict: policy.conflictAttempts, fault: policy.faultAttempts };
  const atMost = limit[error.category as keyof typeof limit] ?? Infinity;
  const times = timesInARow(item, error);
  const retryable = error.retryable || error.category === 'fault';
  if (!retryable || times >= atMost || now >= item.deadline.getTime())
    return (await store.outbox.park(item, new Date(now), reasonOf(error, times))) ? 'parked' : 'lost';
  const delay = retryDelay(policy, item.attempts, fraction, error.retryAfterMs);
  const due = new Date(Math.min(now + delay, item.deadline.getTime()));
  return (await store.outbox.postpone(item, due, reasonOf(error, times, due))) ? 'waiting' : 'lost';
}

/** An outage before it does not count against an item that then meets a conflict. */
function timesInARow(item: ClaimedItem, error: GatewayError): number {
  const before = item.reason as Reason | null;
  return before?.category === error.category ? (before.times ?? 1) + 1 : 1;
}

const movedReason: Reason = {
  category: 'conflict',
  side: 'server',
  message:
    'Modifié ou supprimé par quelqu’un d’autre sur ce serveur : rien n’a été écrasé. ' +
    'L’écart est montré par « reconcile » ; « reconcile --repair » remet la version des réseaux.',
};

/**
 * Sets aside the published resources that somebody else moved, under a subject of their own, and lets the others go
 * on: they exist at the server, so nothing that points to them has to wait. Never a lost update (P-23).
 */
export async function setMovedAside(
  store: Pick<DeliveryStore, 'transaction'>,
  item: ClaimedItem,
  moved: readonly Moved[],
  effect: Effect | undefined,
  now: number,
): Promise<Settled> {
  const entries = new Set(moved.map(({ target }) => target.entry));
  const rest = item.entries.filter((entry) => !entries.has(entry));
  const subject = `${item.subject} moved ${item.id}`;
  return store.transaction(async (tx) => {
    if (rest.length === 0) {
      if (!(await tx.outbox.park(item, new Date(now), movedReason, subject))) return 'lost';
      await knowOurs(tx, item, moved, effect);
      return 'parked';
    }
    const payload = { entries: rest as unknown as Json[], detail: item.detail };
    if (!(await tx.outbox.rewrite(item, payload))) return 'lost';
    await knowOurs(tx, item, moved, effect);
    await tx.outbox.postpone(item, new Date(now), null);
    await tx.outbox.add([
      {
        ...{ tenant: item.tenant, lane: item.lane, serverId: item.serverId, subject, kind: item.kind },
        payload: { entries: [...entries] as unknown as Json[], detail: item.detail },
        ...{ runId: item.runId, referralId: item.referralId, createdAt: item.createdAt },
        ...{ deadline: item.deadline, parked: { at: new Date(now), reason: movedReason } },
      },
    ]);
    return 'parked';
  });
}

/**
 * What stands under an id that only we choose is ours, from a send whose answer was lost or a life that was forgotten:
 * it is known from now on, so that reconciliation sees what differs and can put ours back. No version is noted, so
 * whatever is sent or compared next reads it first.
 */
async function knowOurs(
  tx: Repositories,
  item: ClaimedItem,
  moved: readonly Moved[],
  effect: Effect | undefined,
): Promise<void> {
  const ours = moved.filter(
    ({ target, found }) => found && found.localId === target.localId && !target.known,
  );
  await tx.references.put(
    ours.map(({ target: { entry, tenant, localId } }) => ({
      ...{ tenant, serverId: item.serverId, type: entry.type, key: entry.key, localId: localId! },
      ...{ versionId: null, lastUpdated: null, ours: true },
    })),
  );
  await effect?.(tx, { ...item, entries: ours.map(({ target }) => target.entry) }, []);
}
