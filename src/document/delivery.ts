/** One item a recipient's server: the patient if need be, the bytes as Binary, the DocumentReferences that tell of them. */
import type { Effect, NewItem, WriteEntry } from '../delivery/types.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { atServer, documentKey } from './document-reference.ts';
import type { Pathway } from './pathway.ts';

/** Kind of the items that carry a document. */
export const deliverKind = 'deliver-document';

/** A stored document and the gateway's own metadata of it. */
export type Told = { record: DocumentRecord; own: AnyResource };

/** Recipients at one server share one item: the same bytes are there once. `told` has the document first, then its print. */
export async function deliveryItems(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  told: readonly Told[],
  serverIds: readonly string[],
): Promise<NewItem[]> {
  const patient = await pathway.patientAt(tx, referral);
  return [...new Set(serverIds)].map((serverId) => {
    const place = { patient: patient.reference, order: orderAt(pathway, referral, serverId) };
    return {
      ...{ tenant: referral.tenant, lane: 'clinical' as const, serverId, subject: referral.id },
      ...{ kind: deliverKind, referralId: referral.id },
      entries: [
        ...patient.entries.map((entry) => ({ ...entry, once: true as const })),
        ...told.flatMap(({ record, own }): WriteEntry[] => {
          const key = documentKey(record.id);
          const binary = { resourceType: 'Binary', contentType: record.contentType };
          return [
            { type: 'Binary', key, documentId: record.id, body: binary },
            { type: 'DocumentReference', key, body: atServer(own, record.id, place), once: true },
          ];
        }),
      ],
      detail: { document: told[0]!.record.id },
    };
  });
}

/** The order that a document answers, by the name a server knows it. */
export function orderAt(pathway: Pathway, referral: Referral, serverId: string): string {
  const { filler, placer } = pathway.orderKeys(referral);
  return serverId === referral.fulfillerServer ? filler : placer;
}

/** A document arrived: told in the ledger, and the referral is closed when it was the last thing missing. */
export function documentEffect(pathway: Pathway, now: () => Date): Effect {
  return async (tx, { tenant, referralId, serverId, detail }) => {
    if (referralId === null) return;
    await tx.referrals.lock(tenant, referralId);
    const { document, mailbox } = detail as { document: string; mailbox?: string };
    const told = { server: serverId, document, ...(mailbox ? { mailbox } : {}) };
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at: now(), kind: 'document-delivered', actor: 'gateway', detail: told },
    });
    await pathway.settle(tx, tenant, referralId);
  };
}
