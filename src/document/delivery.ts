/** What goes to a recipient's server: the patient if need be, the bytes as Binary, the DocumentReferences that tell of them. */
import type { Effect, NewItem, WriteEntry } from '../delivery/types.ts';
import { keyOf } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { AnyResource, Json, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { atServer, documentKey, type Place } from './document-reference.ts';
import { askedFor, type Home } from './gate.ts';
import { submissionOf } from './mhd/submit.ts';
import type { Pathway } from './pathway.ts';
import { type Replaced, supersededEntry, type Told } from './told.ts';

/** Kind of the items that carry a document. */
export const deliverKind = 'deliver-document';

/** Kind of the item that brings a patient to a server before the documents that it may take alone. */
export const introduceKind = 'introduce-patient';

/**
 * Recipients at one server share what is sent: the same bytes are there once. `told` has the document first, then its print:
 * all in one item, or, for a server that takes submissions, a submission each (MHD closes the list of what may come along).
 * What the document replaces becomes superseded in its own submission (MHD-06). Each item says whom it is for: the consent is
 * asked for them when it leaves, whatever became of the pathway by then.
 */
export async function deliveryItems(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  told: readonly Told[],
  homes: readonly Home[],
  replaced: readonly Replaced[] = [],
): Promise<NewItem[]> {
  const patient = await pathway.patientAt(tx, referral);
  const introduction = patient.entries.map((entry) => ({ ...entry, once: true as const }));
  const items: NewItem[] = [];
  const served = homes.flatMap((home) => ('serverId' in home ? [home] : []));
  for (const [serverId, here] of Map.groupBy(served, (home) => home.serverId)) {
    const recipients = here.map(({ recipient }) => askedFor(recipient));
    const place = placeAt(pathway, referral, patient.reference, serverId);
    const item = (kind: string, entries: WriteEntry[], detail: object = {}): NewItem => ({
      ...{ tenant: referral.tenant, lane: 'clinical', serverId, subject: referral.id },
      ...{ kind, referralId: referral.id, entries },
      detail: { document: told[0]!.record.id, recipients, ...detail },
    });
    if (!place.submitted) {
      items.push(item(deliverKind, [...introduction, ...told.flatMap((one) => entriesOf(one, place))]));
      continue;
    }
    items.push(item(introduceKind, introduction));
    const there = replaced.filter(({ servers }) => servers.includes(serverId));
    for (const [index, one] of told.entries()) {
      const { id, createdAt } = one.record;
      const linked = { ...one, own: await linkedAt(tx, referral.tenant, serverId, one.own) };
      const print = index > 0 ? { print: id } : {};
      if (place.submitted === 'simplified') {
        items.push(item(deliverKind, [simplifiedEntry(linked, place)], print));
        continue;
      }
      const about = {
        ...{ documentId: id, patient: patient.reference, date: createdAt.toISOString() },
        recipients: here.map(({ recipient }) => recipient),
      };
      const gone =
        index > 0 ? [] : there.flatMap(({ held }) => held.map((old) => supersededEntry(old, place)));
      items.push(item(deliverKind, submissionOf(entriesOf(linked, place), gone, about), print));
    }
  }
  return items;
}

/** Metadata with the content inside: the server is given it at no other place (ITI-105). */
function simplifiedEntry({ record, own }: Told, place: Omit<Place, 'url'>): WriteEntry {
  const body = atServer(own, record.id, place);
  const key = documentKey(record.id);
  return { type: 'DocumentReference', key, documentId: record.id, body, once: true, alone: true };
}

/** Earlier documents that the server has are named so that it can follow the link; others by identifier alone. */
async function linkedAt(
  tx: Repositories,
  tenant: string,
  serverId: string,
  own: AnyResource,
): Promise<AnyResource> {
  const relations = own['relatesTo'] as { code: string; target: Reference }[] | undefined;
  if (!relations) return own;
  const keys = relations.flatMap(({ target }) => keyOf(target.identifier) ?? []);
  const known = await tx.references.find([tenant], serverId, keys);
  const relatesTo = relations.map(({ code, target }) => {
    const row = known.find(({ key }) => key === keyOf(target.identifier));
    return {
      code,
      target: row ? { ...target, reference: referenceTo('DocumentReference', row.key) } : target,
    };
  });
  return { ...own, relatesTo };
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
  const submitted = pathway.submissionsOf(serverId);
  return {
    ...{ patient, order: serverId === referral.fulfillerServer ? filler : placer },
    ...(submitted ? { submitted } : {}),
  };
}

/** A document arrived: told in the ledger, and the referral is closed when it was the last thing missing. */
export function documentEffect(pathway: Pathway, now: () => Date): Effect {
  return async (tx, { tenant, referralId, serverId, detail }) => {
    if (referralId === null) return;
    await tx.referrals.lock(tenant, referralId);
    const { document, mailbox, print, recipient, recipients } = detail as {
      document: string;
      mailbox?: string;
      print?: string;
      recipient?: Json;
      recipients?: Json;
    };
    const whom = recipients ?? (recipient && [recipient]);
    const told = {
      ...{ server: serverId, document },
      ...(mailbox ? { mailbox } : {}),
      ...(print ? { print } : {}),
      ...(whom ? { recipients: whom } : {}),
    };
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at: now(), kind: 'document-delivered', actor: 'gateway', detail: told },
    });
    await pathway.settle(tx, tenant, referralId);
  };
}
