/** What goes to a recipient's server: the patient if need be, the bytes as Binary, the DocumentReferences that tell of them. */
import type { Effect, NewItem, WriteEntry } from '../delivery/types.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { atServer, documentKey, type Place } from './document-reference.ts';
import { submissionOf } from './mhd/submit.ts';
import type { Pathway } from './pathway.ts';

/** Kind of the items that carry a document. */
export const deliverKind = 'deliver-document';

/** A stored document and the gateway's own metadata of it. */
export type Told = { record: DocumentRecord; own: AnyResource };

/** Kind of the item that brings a patient to a server before the documents that it may take alone. */
export const introduceKind = 'introduce-patient';

/**
 * Recipients at one server share what is sent: the same bytes are there once. `told` has the document first, then its print:
 * all in one item, or, for a server that takes submissions, a submission each (MHD closes the list of what may come along).
 */
export async function deliveryItems(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  told: readonly Told[],
  serverIds: readonly string[],
): Promise<NewItem[]> {
  const patient = await pathway.patientAt(tx, referral);
  const introduction = patient.entries.map((entry) => ({ ...entry, once: true as const }));
  return [...new Set(serverIds)].flatMap((serverId): NewItem[] => {
    const place = placeAt(pathway, referral, patient.reference, serverId);
    const item = (kind: string, entries: WriteEntry[], detail: object = {}): NewItem => ({
      ...{ tenant: referral.tenant, lane: 'clinical', serverId, subject: referral.id },
      ...{ kind, referralId: referral.id, entries, detail: { document: told[0]!.record.id, ...detail } },
    });
    if (!place.submitted)
      return [item(deliverKind, [...introduction, ...told.flatMap((one) => entriesOf(one, place))])];
    return [
      item(introduceKind, introduction),
      ...told.map((one, index) => {
        const { id, createdAt } = one.record;
        const about = { documentId: id, patient: patient.reference, date: createdAt.toISOString() };
        return item(deliverKind, submissionOf(entriesOf(one, place), about), index > 0 ? { print: id } : {});
      }),
    ];
  });
}

function entriesOf({ record, own }: Told, place: Omit<Place, 'url'>): WriteEntry[] {
  const key = documentKey(record.id);
  const binary = { resourceType: 'Binary', contentType: record.contentType };
  return [
    { type: 'Binary', key, documentId: record.id, body: binary },
    { type: 'DocumentReference', key, body: atServer(own, record.id, place), once: true },
  ];
}

/** How a server is told of a document: the order that it answers by the name the server knows it. */
export function placeAt(
  pathway: Pathway,
  referral: Referral,
  patient: Reference,
  serverId: string,
): Omit<Place, 'url'> {
  const { placer, filler } = pathway.orderKeys(referral);
  return {
    ...{ patient, order: serverId === referral.fulfillerServer ? filler : placer },
    ...(pathway.takesSubmissions(serverId) ? { submitted: true } : {}),
  };
}

/** A document arrived: told in the ledger, and the referral is closed when it was the last thing missing. */
export function documentEffect(pathway: Pathway, now: () => Date): Effect {
  return async (tx, { tenant, referralId, serverId, detail }) => {
    if (referralId === null) return;
    await tx.referrals.lock(tenant, referralId);
    const { document, mailbox, print } = detail as { document: string; mailbox?: string; print?: string };
    const told = {
      ...{ server: serverId, document },
      ...(mailbox ? { mailbox } : {}),
      ...(print ? { print } : {}),
    };
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at: now(), kind: 'document-delivered', actor: 'gateway', detail: told },
    });
    await pathway.settle(tx, tenant, referralId);
  };
}
