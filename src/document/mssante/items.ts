/** One outbox item a recipient; the package is made once and kept, so that every attempt sends the same bytes. */
import type { NewItem } from '../../delivery/types.ts';
import type { Referral } from '../../store/referrals.ts';
import type { Repositories } from '../../store/store.ts';
import { deliverKind } from '../delivery.ts';
import { documentKey } from '../document-reference.ts';
import type { Final } from '../final.ts';
import { askedFor, type Home } from '../gate.ts';
import { keptAs } from '../kept.ts';
import type { DocumentContext } from '../receive.ts';
import { xdmPackage } from '../xdm/package.ts';
import { mssanteId } from './mailbox.ts';

/** Items for those among the recipients who have a mailbox and no server; keeps the package they carry. */
export async function mailItems(
  tx: Repositories,
  { ids, mssante }: DocumentContext,
  { tenant, id: referralId }: Referral,
  { document: facts, record, rule, print, bytes, now }: Omit<Final, 'circumstances'>,
  homes: readonly Home[],
): Promise<NewItem[]> {
  const mailed = homes.flatMap((home) => ('mailbox' in home ? [home] : []));
  if (mailed.length === 0) return [];
  const recipients = mailed.map(({ recipient }) => recipient.name);
  const zip = await xdmPackage({ facts, rule, rules: mssante.rules, pdf: print ?? bytes, recipients });
  const id = ids.uuid();
  const kept = keptAs(zip, {
    ...{ tenant, id, referralId, key: documentKey(id), status: 'package', contentType: 'application/zip' },
    ...{ detail: { of: record.id }, createdAt: now },
  });
  await tx.documents.insert(kept.record, zip);
  return mailed.map(({ mailbox, recipient }, index) => ({
    ...{ tenant, lane: 'clinical' as const, serverId: mssanteId, subject: referralId, referralId },
    kind: deliverKind,
    entries: [
      {
        ...{ type: 'DocumentReference', key: `${documentKey(id)}/${index + 1}`, documentId: id },
        body: { resourceType: 'DocumentReference', type: { coding: [rule.type] } },
      },
    ],
    // consent is asked again for the recipient when the message leaves
    detail: { document: record.id, mailbox, title: facts.title, recipient: askedFor(recipient) },
  }));
}
