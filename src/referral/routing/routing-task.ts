/** The work item of a person who chooses who receives a referral; one a referral, completed once somebody has it. */
import type { Referral } from '../../store/referrals.ts';
import type { Repositories } from '../../store/store.ts';
import type { CandidateParts } from '../candidate.ts';
import { workItem, workItemOf } from '../work-item.ts';

type Work = { status: 'requested'; why: string } | { status: 'completed' | 'cancelled' };

const part = 'routing';

/** Opens it, or closes the one there is. Hold the referral's lock. */
export async function routingTask(
  tx: Repositories,
  { ids, clock, rules }: CandidateParts,
  referral: Referral,
  work: Work,
): Promise<void> {
  const before = await workItemOf(tx, referral, part);
  if (!before && work.status !== 'requested') return;
  const now = new Date(clock.now());
  const id = before?.id ?? ids.uuid();
  const of = { purpose: 'routingTask', part, id, before, now } as const;
  const task = workItem(referral, rules, of, {
    status: work.status,
    description: work.status === 'requested' ? work.why : before!['description'],
    owner: { display: 'Coordination' },
  });
  await tx.clinical.put(referral.tenant, task, now);
}
