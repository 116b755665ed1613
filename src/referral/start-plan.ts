/** On acceptance: the pathway's protocol becomes the patient's care plan, stored and sent to the fulfiller. */
import type { Clock, Ids } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { StoredProtocol } from '../store/protocols.ts';
import type { Repositories } from '../store/store.ts';
import { applyPlan } from './apply.ts';
import { type Done, doneBefore, leftBehind } from './carry-over.ts';
import { askCircle } from './circle/ask-circle.ts';
import { membersAtStart } from './circle/members.ts';
import { framesOf } from './frames.ts';
import { candidatePart, partKey } from './names.ts';
import { planItem, stepKey, taken } from './plan-items.ts';
import { planStarted } from './plan-started.ts';
import { completeStep, exclude, type PlanState } from './progress.ts';
import type { ExchangeRules } from './rules.ts';

export type StartPlanParts = { ids: Ids; clock: Clock; rules: ExchangeRules };

/** Stores the care plan and its orders and queues them. Hold the referral's lock. */
export async function startPlan(
  tx: Repositories,
  referral: Referral,
  protocol: StoredProtocol,
  { ids, clock, rules }: StartPlanParts,
): Promise<void> {
  const { tenant, id, candidate } = taken(referral);
  const { plan, activities, teams } = protocol;
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
  const events = await tx.referrals.events(tenant, id);
  const before = doneBefore(events);
  const own = typeof plan['url'] === 'string' ? doneBefore(events, plan['url']) : undefined;
  const begun = {
    steps: applied.steps,
    carePlan,
    orders: new Map(orders.map(({ stepId, resource }) => [stepId, resource])),
  };
  const { state, carried } = before ? continued(begun, before, own, id) : { state: begun, carried: [] };
  const resources = [state.carePlan, ...state.orders.values()];
  for (const resource of resources) await tx.clinical.put(tenant, resource, now);
  await tx.referrals.setCarePlan(tenant, id, planId);
  await tx.readers.addFrames(tenant, id, framesOf(plan, activities));
  const left =
    before && before.server !== referral.fulfillerServer
      ? await leftBehind(tx, referral, before, (step) => stepKey(id, step, before.candidate))
      : [];
  const items = [left, resources].filter(({ length }) => length > 0).map((each) => planItem(referral, each));
  const members = await membersAtStart(tx, referral, protocol, rules.referral.careCircle);
  const circle = await askCircle(tx, referral, members, { rules, now });
  await enqueue(tx, [...items, ...circle], clock);
  await tx.referrals.addEvent(tenant, id, {
    ...{ at: now, kind: planStarted, actor: 'gateway' },
    detail: { steps: applied.steps as unknown as Json, ...(carried.length ? { carried } : {}) },
  });
}

/**
 * The plan as whoever goes on begins with it: it replaces the one that was left, and what was done of the same protocol, by
 * whoever left it last or before (`own`), is done, and what was decided against stays so. A protocol that nobody followed
 * begins at its beginning.
 */
function continued(
  begun: PlanState,
  { plan, candidate }: Done,
  own: Done | undefined,
  referralId: string,
): { state: PlanState; carried: string[] } {
  const { carePlan } = begun;
  const left = splitKey(partKey(referralId, candidatePart('care-plan', candidate)));
  const replaces = [{ reference: `CarePlan/${plan}`, identifier: left }];
  let state: PlanState = { ...begun, carePlan: { ...carePlan, replaces } };
  const { steps = [], excluded = [] } = own ?? {};
  const carried = steps.filter(({ step }) => begun.steps.some(({ id: known }) => known === step));
  state = exclude(state, excluded);
  for (const { step, outcome } of carried) state = completeStep(state, step, outcome);
  return { state, carried: carried.map(({ step }) => step) };
}
