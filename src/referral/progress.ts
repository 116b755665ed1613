/** How far a patient's care plan is, and what completing a step changes. Pure. */
import { shareCoding } from '../fhir/coding.ts';
import type { AnyResource, CarePlan, Coding, Reference } from '../fhir/types.ts';
import type { Step } from './plan-steps.ts';
import type { Criterion } from './step-demands.ts';

/** A care plan with its orders by step id, as the gateway keeps them. */
export type PlanState = {
  steps: readonly Step[];
  carePlan: AnyResource & { id: string };
  orders: ReadonlyMap<string, AnyResource & { id: string }>;
};

/** True once nothing is left to do for the step: its order or document is completed, or it is not to take place. */
export function isDone(state: PlanState, stepId: string): boolean {
  const order = state.orders.get(stepId);
  const status = order ? order['status'] : activityOf(state, stepId)?.detail?.status;
  return status === 'completed' || isExcluded(state, stepId);
}

/** True when a document decided that the step does not take place. */
export function isExcluded(state: PlanState, stepId: string): boolean {
  const order = state.orders.get(stepId);
  if (order) return order['status'] === 'revoked';
  return activityOf(state, stepId)?.detail?.status === 'cancelled';
}

/** Decisions that steps after this one depend on. */
export function decisionsAfter(state: PlanState, stepId: string): Coding[] {
  return laterSteps(state, stepId).flatMap(({ onlyIf = [] }) => onlyIf);
}

/** Steps that must be completed before this one and are not, in the order of the pathway. */
export function missingBefore(state: PlanState, stepId: string): Step[] {
  return stepsBefore(state, stepId).filter(({ id }) => !isDone(state, id));
}

/** Criteria of the teams that met for this document: in steps before it, as far back as the document before it. */
export function criteriaFor(state: PlanState, stepId: string): Criterion[] {
  const since = stepsBefore(state, stepId, ({ kind }) => kind !== 'document');
  return since.flatMap(({ id, criteria = [] }) => (isExcluded(state, id) ? [] : criteria));
}

/** In the order of the pathway; behind a step that is not `through` nothing is looked at. */
function stepsBefore(state: PlanState, stepId: string, through = (_step: Step): boolean => true): Step[] {
  const before = new Set<Step>();
  const visit = ({ after }: Step): void => {
    for (const id of after) {
      const earlier = state.steps.find((step) => step.id === id);
      if (!earlier || before.has(earlier)) continue;
      before.add(earlier);
      if (through(earlier)) visit(earlier);
    }
  };
  const own = state.steps.find(({ id }) => id === stepId);
  if (own) visit(own);
  return state.steps.filter((step) => before.has(step));
}

/** Steps that come after this one, however far. */
export function laterSteps(state: PlanState, stepId: string): Step[] {
  const later = new Set([stepId]);
  for (let before = 0; before !== later.size;) {
    before = later.size;
    for (const step of state.steps) if (step.after.some((id) => later.has(id))) later.add(step.id);
  }
  return state.steps.filter(({ id }) => id !== stepId && later.has(id));
}

/**
 * The state once a step is completed: its order or detail is, the plan refers to the outcome, later steps that depend on
 * another decision than those told are given up, and orders that waited for nothing else become active. `changed` holds
 * what is to be stored and sent.
 */
export function completeStep(
  state: PlanState,
  stepId: string,
  outcome: Reference,
  decisions: readonly Coding[] = [],
): PlanState & { changed: (AnyResource & { id: string })[] } {
  const carePlan = structuredClone(state.carePlan) as unknown as CarePlan & { id: string };
  const activity = carePlan.activity?.find(({ id }) => id === stepId);
  if (activity) activity.outcomeReference = [...(activity.outcomeReference ?? []), outcome];
  if (activity?.detail) activity.detail.status = 'completed';
  if (outcome.type === 'DocumentReference')
    carePlan.supportingInfo = [...(carePlan.supportingInfo ?? []), outcome];

  const own = state.orders.get(stepId);
  const completed = {
    ...{ ...state, carePlan: carePlan as unknown as PlanState['carePlan'] },
    orders: new Map(own ? [...state.orders, [stepId, { ...own, status: 'completed' }]] : state.orders),
  };
  const next = exclude(completed, excludedBy(state, stepId, decisions));
  const orders = new Map(next.orders);
  for (const step of state.steps) {
    const order = orders.get(step.id);
    if (order?.['status'] === 'draft' && missingBefore(next, step.id).length === 0)
      orders.set(step.id, { ...order, status: 'active' });
  }
  const changed = [...orders]
    .filter(([id, order]) => state.orders.get(id) !== order)
    .map(([, order]) => order);
  return { ...next, orders, changed: [next.carePlan, ...changed] };
}

/** The state in which these steps are not to take place. */
export function exclude(state: PlanState, ids: readonly string[]): PlanState {
  const carePlan = structuredClone(state.carePlan) as unknown as CarePlan;
  const orders = new Map(state.orders);
  for (const id of ids) {
    const order = orders.get(id);
    if (order) orders.set(id, { ...order, status: 'revoked' });
    const given = carePlan.activity?.find((one) => one.id === id);
    if (given?.detail) given.detail.status = 'cancelled';
  }
  return { ...state, carePlan: carePlan as unknown as PlanState['carePlan'], orders };
}

function excludedBy(state: PlanState, stepId: string, decisions: readonly Coding[]): string[] {
  if (decisions.length === 0) return [];
  return laterSteps(state, stepId)
    .filter(({ onlyIf }) => onlyIf && !shareCoding(onlyIf, decisions))
    .map(({ id }) => id);
}

/** The plan and the orders that were still open, revoked; what was carried out stays as it is. */
export function revoked({ carePlan, orders }: PlanState): (AnyResource & { id: string })[] {
  const plan = structuredClone(carePlan) as unknown as CarePlan;
  plan.status = 'revoked';
  for (const { detail } of plan.activity ?? [])
    if (detail && detail.status !== 'completed') detail.status = 'cancelled';
  const open = [...orders.values()].filter(({ status }) => status !== 'completed');
  return [
    plan as unknown as PlanState['carePlan'],
    ...open.map((order) => ({ ...order, status: 'revoked' })),
  ];
}

function activityOf(state: PlanState, stepId: string): NonNullable<CarePlan['activity']>[number] | undefined {
  return (state.carePlan as unknown as CarePlan).activity?.find(({ id }) => id === stepId);
}
