/** A final document: kept with its print, told to everybody it is for, its step of the pathway completed. */
import type { Ids } from '../clock.ts';
import type { NewItem } from '../delivery/types.ts';
import { splitKey } from '../fhir/key.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { AnyResource, Coding } from '../fhir/types.ts';
import type { Reader } from '../store/readers.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { deliveryItems } from './delivery.ts';
import { documentKey, documentReference, printReference } from './document-reference.ts';
import { type Earlier, earlierOf, relatesTo } from './earlier.ts';
import type { Circumstances, DocumentFacts } from './facts.ts';
import { checkRecipients, type Home } from './gate.ts';
import { authorOf, whoOfServer } from './access/grounds.ts';
import { type Kept, keptAs } from './kept.ts';
import type { DocumentStep } from './pathway.ts';
import type { DocumentContext } from './receive.ts';
import type { DocumentTypeRule } from './rules.ts';
import { mailItems } from './mssante/items.ts';
import { markSuperseded, supersedeItems } from './supersede.ts';
import type { Replaced } from './told.ts';

export type Final = Kept & {
  document: DocumentFacts;
  rule: DocumentTypeRule;
  /** The PDF, when the document is not one itself. */
  print: Buffer | undefined;
  circumstances: Circumstances;
  client: string;
  now: Date;
};

/** Answers the gateway's DocumentReference. Throws as `gate.ts` and `earlier.ts` do; then nothing is kept. */
export async function deliverFinal(
  tx: Repositories,
  context: DocumentContext,
  referral: Referral,
  step: DocumentStep,
  final: Final,
): Promise<AnyResource> {
  const { pathway, rules, clock, mssante } = context;
  const { document, record, now, client } = final;
  const { tenant, id } = referral;
  const earlier = await earlierOf(tx, referral, step, document);
  const asked = { rules: rules.consent, content: document.types };
  const homes = await checkRecipients(tx, pathway, referral, step, asked, mssante.mailboxOf, now);

  const told = await keep(tx, context, referral, final, earlier);
  await tx.readers.add(tenant, record.id, [authorOf(referral), ...homes.flatMap(addressed)]);
  const outcome = { type: 'DocumentReference', identifier: splitKey(document.key), display: step.title };
  const changes = await pathway.complete(tx, referral, step.id, outcome, codingsOf(document));
  const replaced: Replaced[] = [];
  for (const one of earlier)
    if (one.code === 'replaces') replaced.push(await markSuperseded(tx, referral, one.document, now));
  const items = [
    ...(await deliveryItems(tx, pathway, referral, told, homes, replaced)),
    ...(await mailItems(tx, context, referral, final, homes)),
  ];
  const patient = (await pathway.patientAt(tx, referral)).reference;
  const superseded = replaced.flatMap((one) => supersedeItems(pathway, referral, one, patient));
  await enqueue(tx, [...items, ...changes, ...superseded], clock);

  const event = { at: now, actor: client };
  const [corrected] = earlier;
  if (corrected && pathway.mayBeCorrected(referral)) {
    const { code } = earlier.find((one) => one.code === 'replaces') ?? corrected;
    await pathway.corrected(tx, referral, {
      document: told[0]!.own,
      documentId: record.id,
      code,
      by: client,
      newId: context.ids.uuid(),
    });
  }
  await tx.referrals.addEvent(tenant, id, {
    ...{
      ...event,
      kind: 'document-final',
      detail: { document: record.id, step: step.id, mapping: rules.version },
    },
  });
  await noteQueued(tx, referral, [...items, ...superseded], event);
  return told[0]!.own;
}

/** Tells the ledger what of a document is on its way. */
export async function noteQueued(
  tx: Repositories,
  { tenant, id }: Referral,
  items: readonly NewItem[],
  event: { at: Date; actor: string },
): Promise<void> {
  for (const { serverId, kind, detail } of items) {
    const { document: of } = detail as { document: string };
    await tx.referrals.addEvent(tenant, id, {
      ...{ ...event, kind: 'queued', detail: { kind, server: serverId, document: of, ...mailboxIn(detail) } },
    });
  }
}

/** Who reads it because it was sent to them, by whatever name they are known. */
export function addressed(home: Home): Reader[] {
  const whos = [...home.recipient.keys, ...('serverId' in home ? [whoOfServer(home.serverId)] : [])];
  return whos.map((who) => ({ who, ground: 'addressee' }));
}

function codingsOf({ decisions }: DocumentFacts): Coding[] {
  return decisions.flatMap(({ coding }) => coding ?? []);
}

/** The mailbox that an item goes to, as the ledger tells it. */
function mailboxIn(detail: NewItem['detail']): { mailbox?: string } {
  const { mailbox } = detail as { mailbox?: string };
  return mailbox === undefined ? {} : { mailbox };
}

/** Stores the bytes and the gateway's own metadata, the document first. */
async function keep(
  tx: Repositories,
  { pathway, rules, ids }: DocumentContext,
  referral: Referral,
  { document, circumstances, record, bytes, rule, print, now }: Final,
  earlier: readonly Earlier[],
): Promise<{ record: Kept['record']; own: AnyResource }[]> {
  const { tenant } = referral;
  await tx.documents.insert(record, bytes);
  const own = documentReference({
    ...{ document, circumstances, record, rule, rules },
    ...{ related: relatesTo(earlier), url: `Binary/${record.id}` },
    ...{ order: pathway.orderKeys(referral).placer, patient: { reference: `Patient/${referral.patientId}` } },
  });
  const store = (body: AnyResource) => tx.clinical.put(tenant, { ...body, id: ids.uuid() }, now);
  const told = [{ record, own: (await store(own)) as AnyResource }];
  if (!print) return told;
  const printed = printOf(record, print, ids);
  await tx.documents.insert(printed.record, print);
  const body = printReference(own, printed.record, `Binary/${printed.record.id}`, rules);
  return [...told, { record: printed.record, own: await store(body) }];
}

function printOf(record: Kept['record'], print: Buffer, ids: Ids): Kept {
  const { tenant, referralId, createdAt } = record;
  const id = ids.uuid();
  return keptAs(print, {
    ...{ tenant, id, referralId, key: documentKey(id), status: 'print', contentType: 'application/pdf' },
    ...{ detail: { of: record.id }, createdAt },
  });
}
