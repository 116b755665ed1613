import type { Issue } from '../fhir/issue.ts';
import type { ServerWork } from './server-work.ts';
import type { Brake } from './types.ts';

/** As schemas/passerelle.schema.json has it for a configuration that says nothing. */
export const defaultBrake: Brake = { share: 0.05, freely: 5 };

/** A change so large that it may be a mistake in a file must be confirmed by a person. */
export function brakeIssue(
  { work, inUse }: Pick<ServerWork, 'work' | 'inUse'>,
  { share, freely }: Brake = defaultBrake,
): Issue[] {
  const touched = work.filter(({ op }) => op !== 'create' && op !== 'adopt').length;
  if (touched <= freely || touched <= share * inUse) return [];
  const percent = Math.round(share * 1000) / 10;
  return [
    {
      severity: 'warning',
      code: 'business-rule',
      rule: 'brake',
      message:
        `${touched} ressources sur ${inUse} changent ou se retirent, plus que les ${percent} % permis : ` +
        'à confirmer avant d’appliquer (--confirm).',
    },
  ];
}
