/** One item a recipient's server: the patient if need be, the bytes as Binary, the DocumentReference that tells of them. */
import type { Effect, NewItem } from '../delivery/types.ts';
import { splitKey } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { documentKey, documentReference, type ReferenceInput } from './document-reference.ts';
import type { Pathway, Recipient } from './pathway.ts';

/** Kind of the items that carry a document. */
export const deliverKind = 'deliver-document';

export type DeliveryInput = Pick<ReferenceInput, 'document' | 'record' | 'rule' | 'rules'> & {
  recipients: readonly (Recipient & { serverId: string })[];
  /** Id of the document that this one replaces. */
  replaces?: string;
};

/** Recipients at one server share one item: the same bytes are there once. */
export async function deliveryItems(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  { recipients, replaces, ...input }: DeliveryInput,
): Promise<NewItem[]> {
  const key = documentKey(input.record.id);
  const patient = await pathway.patientAt(tx, referral);
  const url = referenceTo('Binary', key);
  const { filler, placer } = pathway.orderKeys(referral);
  return [...new Set(recipients.map(({ serverId }) => serverId))].map((serverId) => {
    const body = documentReference({
      ...input,
      ...{ url, patient: patient.reference },
      order: serverId === referral.fulfillerServer ? filler : placer,
      ...(replaces
        ? { replaces: { type: 'DocumentReference', identifier: splitKey(documentKey(replaces)) } }
        : {}),
    });
    return {
      ...{ tenant: referral.tenant, lane: 'clinical' as const, serverId, subject: referral.id },
      ...{ kind: deliverKind, referralId: referral.id },
      entries: [
        ...patient.entries.map((entry) => ({ ...entry, once: true as const })),
        {
          ...{ type: 'Binary', key, documentId: input.record.id },
          body: { resourceType: 'Binary', contentType: input.record.contentType },
        },
        { type: 'DocumentReference', key, body, once: true },
      ],
      detail: { document: input.record.id },
    };
  });
}

/** A document arrived: told in the ledger, and the referral is closed when it was the last thing missing. */
export function documentEffect(pathway: Pathway, now: () => Date): Effect {
  return async (tx, { tenant, referralId, serverId, detail }) => {
    if (referralId === null) return;
    await tx.referrals.lock(tenant, referralId);
    const { document } = detail as { document: string };
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at: now(), kind: 'document-delivered', actor: 'gateway', detail: { server: serverId, document } },
    });
    await pathway.settle(tx, tenant, referralId);
  };
}
