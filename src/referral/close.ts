/** A referral comes to its end when nothing is missing; it is closed only when somebody took note of that (P-48). */
import type { Repositories } from '../store/store.ts';
import type { Referral } from '../store/referrals.ts';
import { acknowledge } from './acknowledge.ts';
import { endClosedPeople } from './closed-people.ts';
import { move, type TaskState } from './machine.ts';
import type { Refusal } from './machine-refusals.ts';
import { planStateOf } from './plan-state.ts';
import { isDone } from './progress.ts';
import { queueTell } from './tell-placer.ts';

/** Kind of the items that carry a document to a recipient; `document/` sends them. */
export const documentKind = 'deliver-document';

/** Event of the ledger: everything is where it belongs. */
export const completedEvent = 'completed';
/** Event of the ledger: somebody took note of the end. */
export const closedEvent = 'referral-closed';

/**
 * Ends the referral when its Task is completed, every document of its pathway is final and every recipient has it;
 * answers whether it has ended so. It then waits for somebody to close it. Hold the referral's lock.
 */
export async function completeIfDone(
  tx: Repositories,
  tenant: string,
  referralId: string,
  now: Date,
): Promise<boolean> {
  const referral = await tx.referrals.get(tenant, referralId);
  if (!referral) return false;
  if (referral.closedAt || referral.state === 'completed') return referral.state === 'completed';
  const task = await tx.clinical.get(tenant, 'Task', referral.taskId);
  if (task?.['status'] !== 'completed') return false;
  const state = await planStateOf(tx, referral);
  const undone = state?.steps.filter(({ id, kind }) => kind === 'document' && !isDone(state, id)) ?? [];
  if (undone.length > 0 || (await tx.documents.undelivered(tenant, referralId, documentKind)) > 0)
    return false;
  await tx.referrals.setState(tenant, referralId, 'completed');
  await tx.referrals.addEvent(tenant, referralId, { at: now, kind: completedEvent, actor: 'gateway' });
  return true;
}

/**
 * Closes a referral that has ended, however it did: `actor` has seen how, and what was corrected since. Undefined when it
 * is closed (by now or since before), otherwise why it cannot be. Hold the referral's lock.
 */
export async function closeReferral(
  tx: Repositories,
  referral: Referral,
  actor: string,
  now: Date,
): Promise<Refusal | undefined> {
  const { tenant, id, state, closedAt } = referral;
  if (closedAt) {
    await acknowledge(tx, referral, actor, now);
    return undefined;
  }
  const step = move(state as TaskState, 'close', 'placer');
  if ('refused' in step) return step;
  await endClosedPeople(tx, referral, now);
  await tx.referrals.close(tenant, id, state, now);
  await tx.referrals.addEvent(tenant, id, { at: now, kind: closedEvent, actor, detail: { state } });
  await acknowledge(tx, referral, actor, now);
  await queueTell(tx, referral, now); // nobody looks at the placer's Task once it is closed
  return undefined;
}
