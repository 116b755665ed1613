/** On acceptance: the pathway's protocol becomes the patient's care plan, stored and sent to the fulfiller. */
import type { Clock, Ids } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { StoredProtocol } from '../store/protocols.ts';
import type { Repositories } from '../store/store.ts';
import { applyPlan } from './apply.ts';
import { framesOf } from './frames.ts';
import { candidatePart, partKey } from './names.ts';
import { planItem, stepKey, taken } from './plan-items.ts';
import type { ExchangeRules } from './rules.ts';

/** Event that keeps the steps as they were when the plan began. */
export const planStarted = 'plan-started';

export type StartPlanParts = { ids: Ids; clock: Clock; rules: ExchangeRules };

/** Stores the care plan and its orders and queues them. Hold the referral's lock. */
export async function startPlan(
  tx: Repositories,
  referral: Referral,
  { plan, activities, teams }: StoredProtocol,
  { ids, clock, rules }: StartPlanParts,
): Promise<void> {
  const { tenant, id, candidate } = taken(referral);
  const now = new Date(clock.now());
  const planId = ids.uuid();
  const planIdentifier = splitKey(partKey(id, candidatePart('care-plan', candidate)));
  const applied = applyPlan(
    {
      ...{
        plan,
        activities,
        teams,
        status: 'active',
        subject: { reference: `Patient/${referral.patientId}` },
      },
      basedOn: [
        { reference: `CarePlan/${planId}`, identifier: planIdentifier },
        { reference: `ServiceRequest/${referral.orderId}` },
      ],
    },
    rules.referral,
  );
  const orders = [...applied.orders].map(([stepId, order]) => ({
    stepId,
    resource: { ...order, id: ids.uuid(), identifier: [splitKey(stepKey(id, stepId, candidate))] },
  }));
  const activity = (applied.carePlan['activity'] as AnyResource[]).map((one) => {
    const order = orders.find(({ stepId }) => stepId === one.id);
    if (!order) return one;
    const { resource } = order;
    return {
      ...one,
      reference: { reference: `ServiceRequest/${resource.id}`, identifier: resource.identifier[0] },
    };
  });
  const carePlan = {
    ...applied.carePlan,
    ...{ id: planId, identifier: [planIdentifier], created: now.toISOString(), activity },
  };
  const resources = [carePlan, ...orders.map(({ resource }) => resource)];
  for (const resource of resources) await tx.clinical.put(tenant, resource, now);
  await tx.referrals.setCarePlan(tenant, id, planId);
  await tx.readers.addFrames(tenant, id, framesOf(plan, activities));
  await enqueue(tx, [planItem(referral, resources)], clock);
  await tx.referrals.addEvent(tenant, id, {
    ...{ at: now, kind: planStarted, actor: 'gateway' },
    detail: { steps: applied.steps as unknown as Json },
  });
}
