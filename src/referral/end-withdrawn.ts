/** What happens once a referral that was taken back is no longer in the fulfiller's hands. */
import type { Clock } from '../clock.ts';
import type { AnyResource, CodeableConcept } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { closedEvent } from './close.ts';
import { endClosedPeople } from './closed-people.ts';
import type { ReferralContext } from './context.ts';
import { isEnded, type TaskState } from './machine.ts';
import { partKey } from './names.ts';
import { revokePlan } from './revoke-plan.ts';
import { queueTell } from './tell-placer.ts';

/** Event of the ledger: the referral was taken back, the fulfiller may not know yet. */
export const withdrawnEvent = 'withdrawal-asked';

/**
 * The fulfiller no longer has it in hand, or never had: Task cancelled, plan revoked, and closed, since whoever took it
 * back knows. Does nothing when it has ended already. Hold the referral's lock.
 */
export async function endWithdrawn(
  tx: Repositories,
  parts: Pick<ReferralContext, 'clock'>,
  referral: Referral,
  now: Date,
): Promise<void> {
  const { tenant, id } = referral;
  const own = await tx.clinical.get(tenant, 'Task', referral.taskId);
  const from = own?.['status'] as TaskState;
  if (own && !isEnded(from)) {
    const { businessStatus: _asked, ...rest } = own;
    await tx.clinical.put(tenant, { ...rest, status: 'cancelled', lastModified: now.toISOString() }, now);
    await tx.referrals.addEvent(tenant, id, {
      ...{ at: now, kind: 'task', actor: 'gateway', detail: { from, to: 'cancelled' } },
    });
    await revokePlan(tx, referral, parts.clock);
  }
  await noteAbort(tx, referral, 'completed', now);
  await closeWithdrawn(tx, referral, await tx.referrals.events(tenant, id), parts.clock);
}

/** Closed in the name of whoever took it back, whose own Task is told. */
export async function closeWithdrawn(
  tx: Repositories,
  referral: Referral,
  events: readonly ReferralEvent[],
  clock: Clock,
): Promise<void> {
  const { tenant, id, closedAt } = referral;
  const asked = withdrawalOf(events);
  if (closedAt || !asked) return;
  const now = new Date(clock.now());
  await endClosedPeople(tx, referral, now);
  await tx.referrals.close(tenant, id, 'cancelled', now);
  const detail = { state: 'cancelled' };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: closedEvent, actor: asked.actor, detail });
  await queueTell(tx, referral, now);
}

/** The event by which the referral was taken back, if it was. */
export function withdrawalOf(events: readonly ReferralEvent[]): ReferralEvent | undefined {
  return events.find(({ kind }) => kind === withdrawnEvent);
}

/** The gateway's abort Task of a referral, once there is one. */
export async function abortOf(
  tx: Pick<Repositories, 'clinical'>,
  { tenant, id }: Pick<Referral, 'tenant' | 'id'>,
): Promise<(AnyResource & { id: string }) | undefined> {
  const identifier = partKey(id, 'abort');
  const { resources } = await tx.clinical.search(tenant, { type: 'Task', identifier, limit: 1 });
  return resources[0];
}

/** The answer to the request to stop, on our own Task, where the placer reads it. */
export async function noteAbort(
  tx: Repositories,
  referral: Pick<Referral, 'tenant' | 'id'>,
  status: string,
  now: Date,
  reason?: CodeableConcept,
): Promise<boolean> {
  const own = await abortOf(tx, referral);
  if (!own || own['status'] === status || own['status'] === 'completed') return false;
  await tx.clinical.put(
    referral.tenant,
    { ...own, status, ...(reason ? { statusReason: reason } : {}), lastModified: now.toISOString() },
    now,
  );
  return true;
}
