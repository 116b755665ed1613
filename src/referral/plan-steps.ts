/** The steps of a protocol as one patient goes through them: an action that takes place n times is n steps. */
import type { AnyResource, CodeableConcept, Coding, PlanDefinition } from '../fhir/types.ts';
import { type Demands, demandsOf } from './step-demands.ts';

/** What the pathway says of one step; kept with the care plan, because the network may change its protocol later. */
export type Step = Demands & {
  /** Id of the action (`<action>.<n>` for the n-th time of several), and of the plan's activity. */
  id: string;
  title: string;
  kind: 'order' | 'document';
  /** Steps that must be completed before this one. */
  after: string[];
  /** Types of the document that the step yields. */
  produces: Coding[];
  /** What its activity is (`ActivityDefinition.code`); steps kept by an earlier release do not say. */
  activity?: Coding[];
  /** How many people take part at least. */
  participants: number;
  /** Days from the acceptance by the fulfiller until the step is due (`action.timingDuration`). */
  dueDays?: number;
  /** Days after the step before it (`action.relatedAction.offsetRange.high`). */
  followsWithinDays?: number;
};

/** A step and the activity it is made of, if the protocol's is known. */
export type PlannedStep = { step: Step; activity: AnyResource | undefined };

type Action = NonNullable<PlanDefinition['action']>[number];

/** Steps in the order of the actions. What follows a repeated action follows the last of its times. */
export function plannedSteps(
  plan: PlanDefinition,
  activities: readonly AnyResource[],
  teams: readonly AnyResource[],
): PlannedStep[] {
  const actions = (plan.action ?? []).map((action, index) => {
    const activity = activities.find(({ url }) => url !== undefined && url === action.definitionCanonical);
    return { action, activity, id: action.id ?? String(index + 1), times: timesOf(activity) };
  });
  const last = new Map(actions.map(({ id, times }) => [id, nthId(id, times, times)]));
  return actions.flatMap(({ action, activity, id, times }) =>
    Array.from({ length: times }, (_, index) => ({
      activity,
      step: {
        id: nthId(id, index + 1, times),
        title: titleOf(action, id, index + 1, times),
        kind: activity?.['kind'] === 'ServiceRequest' ? ('order' as const) : ('document' as const),
        after: index > 0 ? [nthId(id, index, times)] : before(action).map((one) => last.get(one) ?? one),
        produces: (action.code ?? []).flatMap(({ coding }) => coding ?? []),
        ...codesOf(activity),
        participants: Math.max(1, ((activity?.['participant'] as unknown[] | undefined) ?? []).length),
        ...dueOf(action, index + 1, times),
        ...demandsOf(action, activity, teams),
      },
    })),
  );
}

function codesOf(activity: AnyResource | undefined): Pick<Step, 'activity'> {
  const { coding } = (activity?.['code'] ?? {}) as CodeableConcept;
  return coding ? { activity: coding } : {};
}

/** `ActivityDefinition.timing.repeat.count`; a document is written once. */
function timesOf(activity: AnyResource | undefined): number {
  const { repeat } = (activity?.['timingTiming'] ?? {}) as { repeat?: { count?: number } };
  return activity?.['kind'] === 'ServiceRequest' ? Math.max(1, repeat?.count ?? 1) : 1;
}

/** What is due for the action is due for its last time; what follows another action does so by its first. */
function dueOf({ timingDuration, relatedAction = [] }: Action, nth: number, times: number): Partial<Step> {
  const due = nth === times ? daysOf(timingDuration) : undefined;
  const after = nth === 1 ? daysOf(relatedAction[0]?.offsetRange?.high) : undefined;
  return {
    ...(due === undefined ? {} : { dueDays: due }),
    ...(after === undefined ? {} : { followsWithinDays: after }),
  };
}

/** Networks say days (UCUM `d`); another unit is not ours and sets no clock. */
function daysOf(
  quantity: { value?: number | undefined; code?: string | undefined } | undefined,
): number | undefined {
  return quantity?.code === 'd' ? quantity.value : undefined;
}

function nthId(id: string, nth: number, times: number): string {
  return times === 1 ? id : `${id}.${nth}`;
}

function titleOf(action: Action, id: string, nth: number, times: number): string {
  const title = action.title ?? id;
  return times === 1 ? title : `${title} (${nth} sur ${times})`;
}

function before({ relatedAction = [] }: Action): string[] {
  return relatedAction
    .filter(({ relationship }) => relationship === 'after-end' || relationship === 'after')
    .map(({ actionId }) => actionId);
}
