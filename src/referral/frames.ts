/** In whose frame a referral stands: the teams its pathway meets in, and those who perform its steps. Pure. */
import type { BusinessKey } from '../fhir/key.ts';
import { keyOfReference } from '../fhir/references.ts';
import type { AnyResource, Extension } from '../fhir/types.ts';
import { profileUrl } from './names.ts';

const named = [profileUrl('pas-step-team'), profileUrl('pas-step-performer')];

/** Keys of CareTeams and PractitionerRoles that the activities of a protocol's actions name, each once. */
export function framesOf(plan: AnyResource, activities: readonly AnyResource[]): BusinessKey[] {
  const actions = (plan['action'] ?? []) as { definitionCanonical?: string }[];
  const used = new Set(actions.map(({ definitionCanonical }) => definitionCanonical));
  const extensions = activities
    .filter(({ url }) => used.has(url as string | undefined))
    .flatMap(({ extension = [], participant = [] }) => [
      ...(extension as Extension[]),
      ...(participant as { extension?: Extension[] }[]).flatMap((one) => one.extension ?? []),
    ]);
  const keys = extensions
    .filter(({ url }) => named.includes(url))
    .map(({ valueReference }) => keyOfReference(valueReference));
  return [...new Set(keys.filter((key) => key !== undefined))];
}
