/** The care plan of a referral as the fulfiller's server is given it; sent beside documents, not before them. */
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { AnyResource, Identifier, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import { candidatePart, fillerOrderKey, partKey } from './names.ts';
import { valuesOf } from './parts.ts';

/** Kind of the items that carry the care plan and its orders. */
export const planKind = 'care-plan';

/** Business key of the order of a step in the plan of a candidate. */
export function stepKey(referralId: string, stepId: string, n: number): BusinessKey {
  return partKey(referralId, candidatePart(`activity/${stepId}`, n));
}

type Chosen = Referral & { candidate: number; fulfillerServer: string };

/** The referral with whoever has it: a plan begins when somebody took it on. Throws when nobody did. */
export function taken(referral: Referral): Chosen {
  const { candidate, fulfillerServer } = referral;
  if (candidate === null || fulfillerServer === null) throw new Error('nobody has this referral');
  return { ...referral, candidate, fulfillerServer };
}

/**
 * An item with the given resources of the plan. It has a subject of its own: a plan that the hospital changed by hand
 * parks here and holds back no document.
 */
export function planItem(referral: Referral, resources: readonly AnyResource[]): NewItem {
  const { tenant, id, fulfillerServer } = taken(referral);
  return {
    ...{ tenant, lane: 'clinical', serverId: fulfillerServer, referralId: id },
    subject: `${id}/care-plan`,
    kind: planKind,
    entries: resources.map((resource) => planEntry(referral, resource)),
  };
}

function planEntry(referral: Referral, resource: AnyResource): WriteEntry {
  const { id: _id, meta, ...content } = resource;
  const [identifier] = valuesOf(resource, 'identifier') as Identifier[];
  const key = `${identifier!.system}|${identifier!.value}`;
  const { versionId: _version, lastUpdated: _at, ...ours } = meta ?? {};
  const body = outgoing({ ...content, meta: ours }, referral) as AnyResource;
  return { type: resource.resourceType, key, body };
}

/** Links to the gateway's own resources become keys known at the receiving server; others stay logical or go. */
function outgoing(value: unknown, referral: Referral): unknown {
  if (Array.isArray(value)) return value.map((item) => outgoing(item, referral));
  if (typeof value !== 'object' || value === null) return value;
  const { reference, identifier, type, display } = value as Reference;
  if (typeof reference !== 'string')
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, outgoing(child, referral)]),
    );
  const known = wellKnown(reference, identifier, referral);
  if (known) return { reference: known };
  return {
    ...(identifier ? { type: type ?? reference.split('/')[0], identifier } : {}),
    ...(display ? { display } : {}),
  };
}

function wellKnown(
  reference: string,
  identifier: Identifier | undefined,
  { id, patientId, orderId, candidate }: Referral,
): string | undefined {
  if (reference === `Patient/${patientId}`) return referenceTo('Patient', partKey(id, 'patient'));
  if (reference === `ServiceRequest/${orderId}`)
    return referenceTo('ServiceRequest', fillerOrderKey(id, candidate ?? 1));
  const [type] = reference.split('/');
  const key = keyOf(identifier);
  const ours = key?.startsWith(partKey(id, '')) && (type === 'ServiceRequest' || type === 'CarePlan');
  return ours ? referenceTo(type, key!) : undefined;
}
