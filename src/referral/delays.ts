/** Due times that a protocol sets for itself, stretch by stretch and priority by priority. Pure. */
import type { AnyResource, Coding } from '../fhir/types.ts';
import type { Within } from './calendar.ts';

/** `ServiceRequest.priority` (FHIR R4, request-priority). */
export const priorities = ['routine', 'urgent', 'asap', 'stat'] as const;
export type Priority = (typeof priorities)[number];

/** `stretch`: id of a clock. */
export type Delay = { stretch: string; priority: Priority; within: Within };

type Part = { url: string; valueCoding?: Coding; valueCode?: string; valuePositiveInt?: number };

/** Those of a PlanDefinition, under the given extension; one that says nothing usable is left out. */
export function delaysOf(plan: AnyResource, extension: string): Delay[] {
  const all = (plan['extension'] ?? []) as { url: string; extension?: Part[] }[];
  return all
    .filter(({ url }) => url === extension)
    .flatMap(({ extension: parts = [] }): Delay[] => {
      const part = (name: string): Part | undefined => parts.find(({ url }) => url === name);
      const stretch = part('stretch')?.valueCoding?.code;
      const named = part('priority')?.valueCode ?? 'routine';
      const priority = priorities.find((one) => one === named);
      const within = withinOf(part);
      return stretch && priority && within ? [{ stretch, priority, within }] : [];
    });
}

function withinOf(part: (name: string) => Part | undefined): Within | undefined {
  const hours = part('hours')?.valuePositiveInt;
  const days = part('days')?.valuePositiveInt;
  const workingDays = part('workingDays')?.valuePositiveInt;
  if (hours !== undefined) return { hours };
  if (workingDays !== undefined) return { workingDays };
  return days === undefined ? undefined : { days };
}
