/** Protocols step by step: what is done, by whom, for whom, after what. */
import type { ActivityDefinition, PlanDefinition } from '../fhir/types.ts';
import { periodText, textOf, textsOf } from './concepts.ts';
import type { Shown } from './shown.ts';
import type { Item, Section } from './types.ts';

type Action = NonNullable<PlanDefinition['action']>[number];

/** A section for each protocol that has steps. */
export function protocolSections(shown: Shown): Section[] {
  const activities = new Map(
    shown.all<ActivityDefinition>('ActivityDefinition').map((one) => [one.url, one]),
  );
  return shown
    .all<PlanDefinition>('PlanDefinition')
    .filter(({ action }) => action?.length)
    .map((plan) => {
      const asked = (plan.useContext ?? []).map((context) => textOf(context.valueCodeableConcept));
      const note = [
        ...asked.filter((text) => text !== undefined).map((text) => `Orientation : ${text}`),
        periodText(plan.effectivePeriod),
      ];
      return {
        heading: plan.title ?? plan.name ?? 'Protocole',
        note: note.filter((line) => line !== undefined),
        style: 'steps',
        items: plan.action!.map((action, index) => step(action, index, plan.action!, activities)),
      };
    });
}

/** Activities that are steps of a protocol: they are drawn there. */
export function stepUrls(shown: Shown): ReadonlySet<string> {
  const plans = shown.all<PlanDefinition>('PlanDefinition');
  return new Set(plans.flatMap(({ action }) => (action ?? []).map((one) => one.definitionCanonical ?? '')));
}

function step(
  action: Action,
  index: number,
  all: readonly Action[],
  activities: ReadonlyMap<string | undefined, ActivityDefinition>,
): Item {
  const activity = activities.get(action.definitionCanonical);
  const title = action.title ?? activity?.title ?? action.description ?? `Étape ${index + 1}`;
  const by = textsOf((activity?.participant ?? []).map(({ role }) => role));
  const recipients = textsOf((activity?.extension ?? []).map((one) => one.valueCodeableConcept));
  const after = (action.relatedAction ?? [])
    .filter(({ actionId }) => actionId !== all[index - 1]?.id)
    .map(({ actionId }) => all.find(({ id }) => id === actionId)?.title ?? actionId);
  const lines = [
    ...textsOf(action.code).filter((text) => text !== title),
    ...(by.length ? [`Par : ${by.join(', ')}`] : []),
    ...(recipients.length ? [`Pour : ${recipients.join(', ')}`] : []),
    ...(after.length ? [`Après : ${after.join(', ')}`] : []),
  ];
  const linked = (action.relatedAction ?? []).some(({ actionId }) => actionId === all[index - 1]?.id);
  return { title, lines, children: [], linked };
}
