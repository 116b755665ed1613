/** The work item of a person who chooses who receives a referral; one a referral, completed once somebody has it. */
import { splitKey } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { Referral } from '../../store/referrals.ts';
import type { Repositories } from '../../store/store.ts';
import type { CandidateParts } from '../candidate.ts';
import { writtenMeta } from '../meta.ts';
import { partKey } from '../names.ts';

type Work = { status: 'requested'; why: string } | { status: 'completed' | 'cancelled' };

/** Opens it, or closes the one there is. Hold the referral's lock. */
export async function routingTask(
  tx: Repositories,
  { ids, clock, rules }: CandidateParts,
  { tenant, id, taskId, patientId }: Referral,
  work: Work,
): Promise<void> {
  const key = partKey(id, 'routing');
  const { resources } = await tx.clinical.search(tenant, { type: 'Task', identifier: key, limit: 1 });
  const [before] = resources;
  if (!before && work.status !== 'requested') return;
  const now = new Date(clock.now());
  const { code, text } = rules.referral.routingTask;
  const task: AnyResource & { id: string } = {
    resourceType: 'Task',
    id: before?.id ?? ids.uuid(),
    meta: writtenMeta(rules.referral.profiles.routingTask),
    identifier: [splitKey(key)],
    status: work.status,
    intent: 'order',
    code: { coding: [code], text },
    description: work.status === 'requested' ? work.why : before!['description'],
    focus: { reference: `Task/${taskId}` },
    for: { reference: `Patient/${patientId}` },
    authoredOn: before?.['authoredOn'] ?? now.toISOString(),
    lastModified: now.toISOString(),
    owner: { display: 'Coordination' },
  };
  await tx.clinical.put(tenant, task, now);
}
