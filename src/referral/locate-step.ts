/** Which step of which referral a resource speaks of, if the caller is its fulfiller. */
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { Identifier, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { Caller } from './context.ts';
import { valuesOf } from './parts.ts';
import { stepNamedBy } from './plan-state.ts';

export type LocatedStep = { referral: Referral; stepId: string };

/**
 * By the gateway's id of the order (`ServiceRequest/<id>`) or by the order's identifier. Undefined when there is no
 * such order or when it is not this caller's to fulfil: both look the same from outside.
 */
export async function locateStep(
  store: Pick<Repositories, 'clinical' | 'referrals'>,
  { tenant, server }: Caller,
  reference: Reference | undefined,
): Promise<LocatedStep | undefined> {
  const local = parseLocalReference(reference?.reference ?? '');
  const order =
    local?.type === 'ServiceRequest'
      ? await store.clinical.get(tenant, 'ServiceRequest', local.id)
      : undefined;
  const identifiers = [
    ...(order ? (valuesOf(order, 'identifier') as Identifier[]) : []),
    ...(reference?.identifier ? [reference.identifier] : []),
  ];
  const named = stepNamedBy(identifiers);
  const referral = named && (await store.referrals.get(tenant, named.referralId));
  if (!referral || referral.fulfillerServer !== server || referral.candidate !== named.n) return undefined;
  return { referral, stepId: named.stepId };
}

/** Business key of a reference, by its identifier. */
export function referenceKey(reference: Reference | undefined): BusinessKey | undefined {
  return keyOf(reference?.identifier);
}
