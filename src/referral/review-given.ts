/** Looks at what left before a consent changed; opens or completes the work item of whoever coordinates. */
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { consentTask } from './consent-task.ts';
import type { ReferralContext } from './context.ts';
import { createPathway } from './pathway.ts';
import { noLongerCovered } from './transmitted.ts';

/** Hold the referral's lock. */
export async function reviewGiven(
  tx: Repositories,
  { servers, rules, clock, ids }: Pick<ReferralContext, 'servers' | 'rules' | 'clock' | 'ids'>,
  referral: Referral,
): Promise<void> {
  const pathway = createPathway({ servers, rules, clock });
  const uncovered = await noLongerCovered(tx, referral, { servers, rules, clock, pathway });
  await consentTask(tx, { ids, clock, rules }, referral, uncovered);
}
