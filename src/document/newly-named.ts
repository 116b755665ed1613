/** Somebody is named for a step after the document before it went out: what holds of it goes to them, too. */
import { enqueue } from '../delivery/enqueue.ts';
import type { NewItem } from '../delivery/types.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, CodeableConcept } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { deliveryItems } from './delivery.ts';
import { ownReference } from './earlier.ts';
import { addressed, type Final, noteQueued } from './final.ts';
import { type Home, permittedHomes, refuse } from './gate.ts';
import { mailItems } from './mssante/items.ts';
import { readDocument } from './read-document.ts';
import type { DocumentContext } from './receive.ts';
import { ruleOf } from './rules.ts';
import { printsOf, sentTo } from './supersede.ts';
import type { Told } from './told.ts';

/**
 * Queues every final document that is current for whom `named` are the keys of and whom the pathway now names for it. A server
 * that has it gets nothing more. Throws `unprocessable` when the patient's consents do not cover them, or nothing can reach
 * them. Hold the referral's lock.
 */
export async function sendToNewlyNamed(
  tx: Repositories,
  context: DocumentContext,
  referral: Referral,
  named: readonly BusinessKey[],
  client: string,
): Promise<void> {
  const { pathway, rules, clock, mssante } = context;
  const { tenant, id } = referral;
  const now = new Date(clock.now());
  const finals = (await tx.documents.ofReferral(tenant, id)).filter(({ status }) => status === 'final');
  for (const record of finals) {
    const own = await ownReference(tx, tenant, record.id);
    const { step } = record.detail as { step?: string };
    if (own?.['status'] !== 'current' || step === undefined) continue;
    const { recipients } = await pathway.recipients(tx, referral, step);
    const known = new Set((await tx.readers.of(tenant, record.id)).map(({ who }) => who));
    const missed = recipients.filter(
      ({ keys }) => keys.some((key) => named.includes(key)) && !keys.some((key) => known.has(key)),
    );
    if (missed.length === 0) continue;
    const content = (own['type'] as CodeableConcept | undefined)?.coding ?? [];
    const asked = { rules: rules.consent, content };
    const homes = await permittedHomes(tx, pathway, referral, missed, asked, mssante.mailboxOf, now);
    await tx.readers.add(tenant, record.id, homes.flatMap(addressed));
    const items = await itemsFor(tx, context, referral, { record, own }, homes, { client, now });
    await enqueue(tx, items, clock);
    await noteQueued(tx, referral, items, { at: now, actor: client });
  }
}

async function itemsFor(
  tx: Repositories,
  context: DocumentContext,
  referral: Referral,
  { record, own }: Told,
  homes: readonly Home[],
  by: Pick<Final, 'client' | 'now'>,
): Promise<NewItem[]> {
  const told: Told[] = [{ record, own }];
  const prints = await printsOf(tx, referral, record);
  for (const print of prints)
    told.push({ record: print, own: (await ownReference(tx, referral.tenant, print.id)) as AnyResource });
  const held = await sentTo(tx, referral, record);
  const missing = homes.filter((home) => !('serverId' in home) || !held.includes(home.serverId));
  const mailed = missing.some((home) => 'mailbox' in home);
  return [
    ...(await deliveryItems(tx, context.pathway, referral, told, missing)),
    ...(mailed
      ? await mailItems(tx, context, referral, await again(tx, context, record, prints[0], by), missing)
      : []),
  ];
}

/** The document as it was when it came. A PDF's metadata are not kept in the form that a package is made of. */
async function again(
  tx: Repositories,
  { rules }: DocumentContext,
  record: DocumentRecord,
  print: DocumentRecord | undefined,
  by: Pick<Final, 'client' | 'now'>,
): Promise<Omit<Final, 'circumstances'>> {
  const { tenant, id, contentType } = record;
  const { bytes } = (await tx.documents.bytes(tenant, id))!;
  const document = contentType === rules.contentType ? readDocument(bytes) : undefined;
  const rule = document && ruleOf(document.types, rules);
  if (!document || !rule)
    throw refuse(
      'Le document est déjà parti, en PDF : la passerelle ne peut plus l’envoyer à cette boîte MSSanté. Transmettez-le ' +
        'vous-même, ou envoyez d’abord un complément (relatesTo, appends).',
    );
  return {
    record,
    bytes,
    document,
    rule,
    print: print && (await tx.documents.bytes(tenant, print.id))!.bytes,
    ...by,
  };
}
