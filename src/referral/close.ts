/** A referral closes when its Task is completed and every document has its receipt: clocks of their own (P-48). */
import type { Repositories } from '../store/store.ts';
import { planStateOf } from './plan-state.ts';
import { isDone } from './progress.ts';

/** Kind of the items that carry a document to a recipient; `document/` sends them. */
export const documentKind = 'deliver-document';

/** Closes the referral if nothing is missing; answers whether it is closed. Hold the referral's lock. */
export async function closeIfDone(
  tx: Repositories,
  tenant: string,
  referralId: string,
  now: Date,
): Promise<boolean> {
  const referral = await tx.referrals.get(tenant, referralId);
  if (!referral || referral.closedAt) return referral !== undefined;
  const task = await tx.clinical.get(tenant, 'Task', referral.taskId);
  if (task?.['status'] !== 'completed') return false;
  const state = await planStateOf(tx, referral);
  const undone = state?.steps.filter(({ id, kind }) => kind === 'document' && !isDone(state, id)) ?? [];
  if (undone.length > 0 || (await tx.documents.undelivered(tenant, referralId, documentKind)) > 0)
    return false;
  await tx.referrals.close(tenant, referralId, 'completed', now);
  await tx.referrals.addEvent(tenant, referralId, { at: now, kind: 'completed', actor: 'gateway' });
  return true;
}
