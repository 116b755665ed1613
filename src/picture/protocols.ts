/** Protocols step by step: what is done, by whom, for whom, after what. */
import type { ActivityDefinition, PlanDefinition } from '../fhir/types.ts';
import { periodText, textOf, textsOf } from './concepts.ts';
import type { Shown } from './shown.ts';
import type { Item, Section } from './types.ts';

type Action = NonNullable<PlanDefinition['action']>[number];

/** A section for each protocol that has steps; the ways out stand under them. */
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
        terms: exitsOf(plan),
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
    ...paceOf(action, activity),
  ];
  const linked = (action.relatedAction ?? []).some(({ actionId }) => actionId === all[index - 1]?.id);
  return { title, lines, children: [], linked };
}

/** How often a step takes place, how long after the one before, and until when it is due (days). */
function paceOf(action: Action, activity: ActivityDefinition | undefined): string[] {
  const count = activity?.timingTiming?.repeat?.count;
  const due = action.timingDuration?.value;
  return [
    ...(count === undefined || count < 2 ? [] : [`${count} fois`]),
    ...(action.relatedAction ?? []).flatMap(({ offsetRange }) => offsetText(offsetRange)),
    ...(due === undefined ? [] : [`À faire dans les ${daysText(due)} qui suivent l’acceptation`]),
  ];
}

function offsetText(range: NonNullable<Action['relatedAction']>[number]['offsetRange']): string[] {
  const [low, high] = [range?.low?.value, range?.high?.value];
  if (low !== undefined && high !== undefined) return [`De ${low} à ${daysText(high)} après`];
  if (low !== undefined) return [`Au moins ${daysText(low)} après`];
  return high === undefined ? [] : [`Au plus ${daysText(high)} après`];
}

function daysText(days: number): string {
  return days > 1 ? `${days} jours` : `${days} jour`;
}

/** Facts of a protocol that have no date: how patients leave it. */
function exitsOf({ extension }: PlanDefinition): Item[] {
  return (extension ?? []).flatMap(({ extension: parts }) => {
    const title = parts?.map((part) => textOf(part.valueCodeableConcept)).find((text) => text);
    const more = parts?.map((part) => part.valueString).find((text) => text);
    return title ? [{ title, under: 'Sorties', lines: more ? [more] : [], children: [] }] : [];
  });
}
