/** Business keys of what the gateway makes of a referral, the same at every server: paths below the referral's id. */
import type { BusinessKey } from '../fhir/key.ts';
import { canonicalBase, fillerOrderSystem } from '../fhir/names.ts';

/** Identifier system of the parts of a referral. */
export const referralSystem = `${canonicalBase}/referral`;

/** `system|<referral id>/<part>`, e.g. part `task`, `patient`, `letter/1`, `activity/consultation-1`. */
export function partKey(referralId: string, part: string): BusinessKey {
  return `${referralSystem}|${referralId}/${part}`;
}

/** Name of a part that each candidate has of its own; the first one's has no number. */
export function candidatePart(part: string, n: number): string {
  return n === 1 ? part : `${part}/${n}`;
}

/** Key of the Task of a candidate. */
export function taskKey(referralId: string, n: number): BusinessKey {
  return partKey(referralId, candidatePart('task', n));
}

/** Key of the order that the gateway places with a candidate (REF-07). */
export function fillerOrderKey(referralId: string, n: number): BusinessKey {
  return `${fillerOrderSystem}|${candidatePart(referralId, n)}`;
}

/** The referral that the value of such a key names. */
export function referralOfFiller(value: string): string {
  return value.split('/')[0]!;
}

/** Canonical of one of our profiles by its short name. */
export function profileUrl(name: string): string {
  return `${canonicalBase}/StructureDefinition/${name}`;
}
