/**
 * A protocol applied to one patient (PlanDefinition/$apply, CORE-16). Pure: an action of kind ServiceRequest becomes an
 * order that the plan references, an action of kind Task becomes a detail of the plan, never both (cpl-3).
 */
import type { AnyResource, CodeableConcept, Coding, PlanDefinition, Reference } from '../fhir/types.ts';
import { writtenMeta } from './meta.ts';
import type { ReferralRules } from './rules.ts';

/** What the pathway says of one step; kept with the care plan, because the network may change its protocol later. */
export type Step = {
  /** Id of the action, and of the plan's activity. */
  id: string;
  title: string;
  kind: 'order' | 'document';
  /** Steps that must be completed before this one. */
  after: string[];
  /** Types of the document that the step yields. */
  produces: Coding[];
  /** How many people take part at least. */
  participants: number;
};

export type Applied = {
  carePlan: AnyResource;
  /** Orders by step id; the plan references them as `#<step id>`. */
  orders: Map<string, AnyResource>;
  steps: Step[];
};

export type Application = {
  plan: AnyResource;
  activities: readonly AnyResource[];
  subject: Reference;
  /** What the orders are based on, e.g. the referral. */
  basedOn?: Reference[];
  /** `draft` when only shown (`$apply`), `active` when a referral was accepted. */
  status: 'draft' | 'active';
};

/** The orders of an active plan that wait for nothing are active, the others draft. */
export function applyPlan(application: Application, rules: ReferralRules): Applied {
  const { plan, subject, status } = application;
  const definition = plan as unknown as PlanDefinition;
  const steps = stepsOf(definition, application.activities);
  const orders = new Map(
    steps.filter(({ kind }) => kind === 'order').map((step) => [step.id, orderOf(step, application, rules)]),
  );
  const carePlan: AnyResource = {
    resourceType: 'CarePlan',
    meta: writtenMeta(rules.profiles.carePlan),
    instantiatesCanonical: [definition.url],
    status,
    intent: 'plan',
    category: [{ coding: [rules.carePlan.category] }],
    ...(definition.title ? { title: definition.title } : {}),
    subject,
    activity: steps.map((step) => ({
      id: step.id,
      ...(step.kind === 'order'
        ? { reference: { reference: `#${step.id}` } }
        : { detail: detailOf(step, activityOf(step.id, application)) }),
    })),
  };
  return { carePlan, orders, steps };
}

/** The answer of `$apply`: one resource, the orders contained. */
export function asContained({ carePlan, orders }: Applied): AnyResource {
  const contained = [...orders].map(([id, { meta: _meta, ...order }]) => ({ ...order, id }));
  const { resourceType, ...rest } = carePlan;
  return { resourceType, ...rest, ...(contained.length ? { contained } : {}) };
}

function stepsOf(plan: PlanDefinition, activities: readonly AnyResource[]): Step[] {
  return (plan.action ?? []).map((action, index) => {
    const activity = activities.find(({ url }) => url === action.definitionCanonical);
    return {
      id: action.id ?? String(index + 1),
      title: action.title ?? action.id ?? String(index + 1),
      kind: activity?.['kind'] === 'ServiceRequest' ? 'order' : 'document',
      after: (action.relatedAction ?? [])
        .filter(({ relationship }) => relationship === 'after-end' || relationship === 'after')
        .map(({ actionId }) => actionId),
      produces: (action.code ?? []).flatMap(({ coding }) => coding ?? []),
      participants: Math.max(1, ((activity?.['participant'] as unknown[] | undefined) ?? []).length),
    };
  });
}

function orderOf(step: Step, application: Application, rules: ReferralRules): AnyResource {
  const { status, subject, basedOn } = application;
  const activity = activityOf(step.id, application);
  const code = activity?.['code'] as CodeableConcept | undefined;
  return {
    resourceType: 'ServiceRequest',
    meta: writtenMeta(rules.profiles.activityOrder),
    ...(activity?.['url'] ? { instantiatesCanonical: [activity['url']] } : {}),
    ...(basedOn?.length ? { basedOn } : {}),
    status: status === 'active' && step.after.length === 0 ? 'active' : 'draft',
    intent: 'order',
    category: [{ coding: [rules.activityOrder.category] }],
    ...(code ? { code: { ...code, text: step.title } } : {}),
    subject,
  };
}

function detailOf(step: Step, activity: AnyResource | undefined): object {
  const code = activity?.['code'] as CodeableConcept | undefined;
  return {
    kind: 'Task',
    ...(activity?.['url'] ? { instantiatesCanonical: [activity['url']] } : {}),
    ...(code ? { code } : {}),
    status: 'not-started',
    description: step.title,
  };
}

function activityOf(stepId: string, { plan, activities }: Application): AnyResource | undefined {
  const actions = (plan as unknown as PlanDefinition).action ?? [];
  const action = actions.find(({ id }, index) => (id ?? String(index + 1)) === stepId);
  return activities.find(({ url }) => url !== undefined && url === action?.definitionCanonical);
}
