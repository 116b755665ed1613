/** Where a walk through a resource stands; its FHIRPath is written only when something is to be said of it. */
import type { Issue } from '../fhir/issue.ts';

/** Names and indexes that lead from the type of a resource (the first) to an element. */
export type Place = (string | number)[];

/** `['Patient', 'name', 0, 'given']` → `Patient.name[0].given`. */
export function expressionAt(place: Readonly<Place>): string {
  let path = String(place[0]);
  for (let at = 1; at < place.length; at += 1) {
    const step = place[at]!;
    path += typeof step === 'number' ? `[${step}]` : `.${step}`;
  }
  return path;
}

/** What is found at a place of a walk, or at the element `below` it. */
export type Finding = Pick<Issue, 'severity' | 'code' | 'message'> & { below?: string };
