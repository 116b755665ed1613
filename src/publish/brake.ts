import type { Issue } from '../fhir/issue.ts';
import type { ServerWork } from './server-work.ts';

/** What may change or close without being confirmed: this many, or this part of what is in use at the server. */
const freely = 5;
const part = 0.05;

/** A change so large that it may be a mistake in a file must be confirmed by a person. */
export function brakeIssue({ work, inUse }: Pick<ServerWork, 'work' | 'inUse'>): Issue[] {
  const touched = work.filter(({ op }) => op !== 'create').length;
  if (touched <= freely || touched <= part * inUse) return [];
  return [
    {
      severity: 'warning',
      code: 'business-rule',
      rule: 'brake',
      message: `${touched} ressources sur ${inUse} changent ou se retirent : à confirmer avant d’appliquer.`,
    },
  ];
}
