/**
 * A protocol applied to one patient (PlanDefinition/$apply, CORE-16). Pure: an action of kind ServiceRequest becomes an
 * order that the plan references, an action of kind Task becomes a detail of the plan, never both (cpl-3).
 */
import type { AnyResource, CodeableConcept, PlanDefinition, Reference } from '../fhir/types.ts';
import { writtenMeta } from './meta.ts';
import { type PlannedStep, plannedSteps, type Step } from './plan-steps.ts';
import type { ReferralRules } from './rules.ts';

export type Applied = {
  carePlan: AnyResource;
  /** Orders by step id; the plan references them as `#<step id>`. */
  orders: Map<string, AnyResource>;
  steps: Step[];
};

export type Application = {
  plan: AnyResource;
  activities: readonly AnyResource[];
  /** Standing teams of the network, for the quorum of those that meet. */
  teams?: readonly AnyResource[];
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
  const planned = plannedSteps(definition, application.activities, application.teams ?? []);
  const orders = new Map(
    planned
      .filter(({ step }) => step.kind === 'order')
      .map((one) => [one.step.id, orderOf(one, application, rules)]),
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
    activity: planned.map((one) => ({
      id: one.step.id,
      ...(one.step.kind === 'order'
        ? { reference: { reference: `#${one.step.id}` } }
        : { detail: detailOf(one) }),
    })),
  };
  return { carePlan, orders, steps: planned.map(({ step }) => step) };
}

/** The answer of `$apply`: one resource, the orders contained. */
export function asContained({ carePlan, orders }: Applied): AnyResource {
  const contained = [...orders].map(([id, { meta: _meta, ...order }]) => ({ ...order, id }));
  const { resourceType, ...rest } = carePlan;
  return { resourceType, ...rest, ...(contained.length ? { contained } : {}) };
}

function orderOf(
  { step, activity }: PlannedStep,
  { status, subject, basedOn }: Application,
  rules: ReferralRules,
): AnyResource {
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

function detailOf({ step, activity }: PlannedStep): object {
  const code = activity?.['code'] as CodeableConcept | undefined;
  return {
    kind: 'Task',
    ...(activity?.['url'] ? { instantiatesCanonical: [activity['url']] } : {}),
    ...(code ? { code } : {}),
    status: 'not-started',
    description: step.title,
  };
}
