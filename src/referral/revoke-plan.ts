/** A referral that ends without its outcome takes its care plan with it: nobody is to go on with a plan that is none. */
import type { Clock } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { planItem } from './plan-items.ts';
import { planStateOf } from './plan-state.ts';
import { revoked } from './progress.ts';

/** Revokes the plan and the orders that were not carried out, here and at the fulfiller's. Hold the referral's lock. */
export async function revokePlan(tx: Repositories, referral: Referral, clock: Clock): Promise<void> {
  const state = await planStateOf(tx, referral);
  if (!state) return;
  const changed = revoked(state);
  for (const one of changed) await tx.clinical.put(referral.tenant, one, new Date(clock.now()));
  await enqueue(tx, [planItem(referral, changed)], clock);
}
