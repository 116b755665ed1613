/** Business keys of what the gateway makes of a referral, the same at every server: paths below the referral's id. */
import type { BusinessKey } from '../fhir/key.ts';
import { canonicalBase, fillerOrderSystem } from '../fhir/names.ts';

/** Identifier system of the parts of a referral. */
export const referralSystem = `${canonicalBase}/referral`;

/** `system|<referral id>/<part>`, e.g. part `task`, `patient`, `letter/1`, `activity/consultation-1`. */
export function partKey(referralId: string, part: string): BusinessKey {
  return `${referralSystem}|${referralId}/${part}`;
}

/** Key of the order that the gateway places with the fulfiller (REF-07). */
export function fillerOrderKey(referralId: string): BusinessKey {
  return `${fillerOrderSystem}|${referralId}`;
}

/** Canonical of one of our profiles by its short name. */
export function profileUrl(name: string): string {
  return `${canonicalBase}/StructureDefinition/${name}`;
}
