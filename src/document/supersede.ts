/** What a newer document replaces becomes `superseded`, here and wherever it was sent (MHD-06, identity.md "Leaving"). */
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import type { Reference } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { deliverKind, placeAt } from './delivery.ts';
import { ownReference } from './earlier.ts';
import type { Pathway } from './pathway.ts';
import { type Replaced, supersededEntry, type Told } from './told.ts';

/** Kind of the items that tell a server that a document no longer holds. */
export const supersedeKind = 'supersede-document';

/** Marks the gateway's own metadata. */
export async function markSuperseded(
  tx: Repositories,
  referral: Referral,
  document: DocumentRecord,
  now: Date,
): Promise<Replaced> {
  const held: Told[] = [];
  for (const record of [document, ...(await printsOf(tx, referral, document))]) {
    const own = await ownReference(tx, referral.tenant, record.id);
    if (!own) continue; // a preliminary one was told to nobody
    await tx.clinical.put(referral.tenant, { ...own, status: 'superseded' }, now);
    held.push({ record, own });
  }
  return { document, held, servers: held.length ? await sentTo(tx, referral, document) : [] };
}

/**
 * What has to be sent after the newer document. A server that took it in the same transaction has nothing left to write; one
 * that takes documents alone takes this alone too.
 */
export function supersedeItems(
  pathway: Pathway,
  referral: Referral,
  { document, held, servers }: Replaced,
  patient: Reference,
): NewItem[] {
  const { tenant, id: referralId } = referral;
  return servers.flatMap((serverId): NewItem[] => {
    const place = placeAt(pathway, referral, patient, serverId);
    const entries = held.map((one) => supersededEntry(one, place));
    const item = (some: WriteEntry[]): NewItem => ({
      ...{ tenant, lane: 'clinical', serverId, subject: referralId, referralId, kind: supersedeKind },
      ...{ entries: some, detail: { document: document.id } },
    });
    return place.submitted === 'simplified' ? entries.map((one) => item([one])) : [item(entries)];
  });
}

/** The PDFs made of a document. */
export async function printsOf(
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
export async function sentTo(
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
