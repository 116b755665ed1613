/** What a newer document replaces becomes `superseded`, here and wherever it was sent (MHD-06, identity.md "Leaving"). */
import { bodyHash } from '../change/links.ts';
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { deliverKind, placeAt } from './delivery.ts';
import { atServer, documentKey } from './document-reference.ts';
import { ownReference } from './earlier.ts';
import type { Pathway } from './pathway.ts';

/** Kind of the items that tell a server that a document no longer holds. */
export const supersedeKind = 'supersede-document';

/** Marks the gateway's own metadata; answers what has to be sent, after the newer document. */
export async function supersede(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  document: DocumentRecord,
  now: Date,
): Promise<NewItem[]> {
  const { tenant, id: referralId } = referral;
  const held: { record: DocumentRecord; own: AnyResource }[] = [];
  for (const record of [document, ...(await printsOf(tx, referral, document))]) {
    const own = await ownReference(tx, tenant, record.id);
    if (!own) continue; // a preliminary one was told to nobody
    await tx.clinical.put(tenant, { ...own, status: 'superseded' }, now);
    held.push({ record, own });
  }
  if (held.length === 0) return [];
  const { reference: patient } = await pathway.patientAt(tx, referral);
  return (await sentTo(tx, referral, document)).map((serverId) => ({
    ...{ tenant, lane: 'clinical' as const, serverId, subject: referralId, referralId, kind: supersedeKind },
    entries: held.map(({ record, own }): WriteEntry => {
      const body = atServer(own, record.id, placeAt(pathway, referral, patient, serverId));
      return {
        ...{ type: 'DocumentReference', key: documentKey(record.id), ifThere: true as const },
        ...{ body: { ...body, status: 'superseded' }, mayHold: [bodyHash(body)] },
      };
    }),
    detail: { document: document.id },
  }));
}

async function printsOf(
  tx: Repositories,
  { tenant, id }: Referral,
  document: DocumentRecord,
): Promise<DocumentRecord[]> {
  const all = await tx.documents.ofReferral(tenant, id);
  return all.filter(({ status, detail }) => {
    const { of } = (detail ?? {}) as { of?: string };
    return status === 'print' && of === document.id;
  });
}

/** Servers that the ledger says it was queued for. */
async function sentTo(
  tx: Repositories,
  { tenant, id }: Referral,
  document: DocumentRecord,
): Promise<string[]> {
  const events = await tx.referrals.events(tenant, id);
  const details = events
    .filter(({ kind }) => kind === 'queued')
    .map(({ detail }) => detail as { kind?: string; server?: string; document?: string; mailbox?: string });
  const servers = details
    .filter(({ kind, document: of, mailbox }) => kind === deliverKind && of === document.id && !mailbox)
    .map(({ server }) => server);
  return [...new Set(servers.filter((server) => server !== undefined))];
}
