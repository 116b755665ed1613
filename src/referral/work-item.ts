/** What a person is to do for a referral: a Task of its purpose, found again by its identifier and changed in place. */
import { splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { writtenMeta } from './meta.ts';
import { partKey } from './names.ts';
import type { ExchangeRules } from './rules.ts';

type Work = AnyResource & { id: string };

/** Purposes, by the names that their code and profile have in the rules. */
export type WorkPurpose = 'routingTask' | 'consentTask' | 'acknowledgeTask' | 'overdueTask' | 'closedTask';

/** The one there is of that part of the referral's keys (`routing`, `overdue/<clock>`). */
export async function workItemOf(
  tx: Pick<Repositories, 'clinical'>,
  { tenant, id }: Pick<Referral, 'tenant' | 'id'>,
  part: string,
): Promise<Work | undefined> {
  const asked = { type: 'Task', identifier: partKey(id, part), limit: 1 };
  return (await tx.clinical.search(tenant, asked)).resources[0];
}

/** As it is to be stored: `before` is the one there is, `id` its or a fresh one; `content` has status, description and owner. */
export function workItem(
  { id: referralId, taskId, patientId }: Referral,
  rules: ExchangeRules,
  of: { purpose: WorkPurpose; part: string; id: string; before: Work | undefined; now: Date },
  content: { status: 'requested' | 'completed' | 'cancelled' } & Readonly<Record<string, unknown>>,
): Work {
  const { code, text } = rules.referral[of.purpose];
  const lastModified = of.now.toISOString();
  return {
    resourceType: 'Task',
    id: of.id,
    meta: writtenMeta(rules.referral.profiles[of.purpose]),
    identifier: [splitKey(partKey(referralId, of.part))],
    intent: 'order',
    code: { coding: [code], text },
    focus: { reference: `Task/${taskId}` },
    for: { reference: `Patient/${patientId}` },
    authoredOn: of.before?.['authoredOn'] ?? lastModified,
    lastModified,
    ...content,
  };
}
