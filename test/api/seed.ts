/** What the databases of API tests hold: two networks of two tenants, and one referral of the first tenant. */
import { contentHash, normalForm } from '../../src/fhir/normal.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { DesiredResource } from '../../src/store/desired.ts';
import type { Store } from '../../src/store/store.ts';

export const loadedAt = new Date('2026-11-20T08:00:00.000Z');
export const acceptedAt = new Date('2026-11-21T09:30:00.000Z');

/** Key of a network's own thing. */
export function key(path: string): string {
  return `${networkSystem}|${path}`;
}

/** A published resource as the desired state holds it. */
export function desired(networkId: string, path: string, body: AnyResource): DesiredResource {
  const withKey = { ...body, identifier: [{ system: networkSystem, value: path }] } as AnyResource;
  return {
    networkId,
    type: body.resourceType,
    key: key(path),
    class: 'owned',
    hash: contentHash(normalForm(withKey)),
    body: withKey,
    origin: {},
  };
}

/** Two organisations and a service of tenant `west`, one organisation of tenant `east`. */
export async function seedPublished(store: Store): Promise<void> {
  for (const [tenant, id] of [
    ['west', 'net-west'],
    ['east', 'net-east'],
  ] as const)
    await store.networks.save(
      tenant,
      { id, kind: 'any', name: id, source: '', sourceFile: `${id}.yaml`, sourceHash: 'h1' },
      loadedAt,
    );
  await store.desired.replace('west', [
    desired('net-west', 'net-west', { resourceType: 'Organization', active: true, name: 'Réseau Élan' }),
    desired('net-west', 'net-west/old', {
      resourceType: 'Organization',
      active: false,
      name: 'Ancien réseau',
    }),
    desired('net-west', 'net-west/offer/one', {
      resourceType: 'HealthcareService',
      active: true,
      name: 'Consultation',
      providedBy: { reference: referenceTo('Organization', key('net-west')) },
    }),
    desired('net-west', 'net-west/protocol', {
      resourceType: 'PlanDefinition',
      status: 'active',
      url: 'https://passerelle.example/fhir/PlanDefinition/net-west',
    }),
  ]);
  await store.desired.replace('east', [
    desired('net-east', 'net-east', { resourceType: 'Organization', active: true, name: 'Réseau Est' }),
  ]);
}

const consentCategories = 'https://passerelle.example/fhir/CodeSystem/consent-category';

/** Ids of the referral's resources. */
export const ids = {
  patient: 'pas-00000000000000000000000000000001',
  order: 'pas-00000000000000000000000000000002',
  task: 'pas-00000000000000000000000000000003',
  document: '00000000-0000-4000-8000-000000000004',
  stranger: 'pas-00000000000000000000000000000005',
  consent: 'pas-00000000000000000000000000000006',
};

/** A referral of `placer` to the hospital of `fulfiller`, and a patient nobody referred. */
export async function seedReferral(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const put = (resource: AnyResource & { id: string }, at = acceptedAt) =>
      tx.clinical.put('west', resource, at);
    const subject = { reference: `Patient/${ids.patient}` };
    await put({
      resourceType: 'Patient',
      id: ids.patient,
      identifier: [{ system: 'https://ghu.example/ipp', value: 'IPP-1' }],
    });
    await put({ resourceType: 'Patient', id: ids.stranger });
    await put({ resourceType: 'ServiceRequest', id: ids.order, status: 'active', intent: 'order', subject });
    // no referral is accepted without one (CORE-13), and its documents are read under it
    await put({
      ...{ resourceType: 'Consent', id: ids.consent, status: 'active', patient: subject },
      category: [{ coding: [{ system: consentCategories, code: 'consentement' }] }],
      provision: { type: 'permit' },
    });
    const task = { resourceType: 'Task', id: ids.task, intent: 'order', for: subject };
    await put({ ...task, status: 'requested', basedOn: [{ reference: `ServiceRequest/${ids.order}` }] });
    await put({ ...task, status: 'accepted' }, new Date(acceptedAt.getTime() + 60_000));
    await tx.referrals.insert({
      tenant: 'west',
      id: 'referral-1',
      networkId: 'net-west',
      state: 'accepted',
      orderKey: 'https://ghu.example/orders|A1',
      contentHash: 'h',
      placerClient: 'placer',
      placerServer: 'ghu',
      candidate: 1,
      fulfillerServer: 'vinatier',
      patientId: ids.patient,
      orderId: ids.order,
      taskId: ids.task,
      carePlanId: null,
      acceptedAt,
      closedAt: null,
    });
    const bytes = Buffer.from('%PDF-1.7 letter');
    await tx.documents.insert(
      {
        tenant: 'west',
        id: ids.document,
        referralId: 'referral-1',
        key: 'urn:ietf:rfc:3986|urn:uuid:letter',
        status: 'letter',
        contentType: 'application/pdf',
        size: bytes.length,
        sha1: 's1',
        sha256: 's256',
        detail: {},
        createdAt: acceptedAt,
      },
      bytes,
    );
  });
}
