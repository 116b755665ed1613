/** A consent that was copied to hospitals with a referral, given to each of them again as it is now (CSP L.1110-4). */
import type { Clock } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { ClaimedItem, NewItem, WriteEntry } from '../delivery/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { contentNow } from './kept-content.ts';

/** Kind of the items that carry a changed consent. */
export const renewKind = 'renew-consent';
/** Event of the ledger: a hospital has the consent as it is now. */
export const renewedEvent = 'consent-renewed';
/** Event of the ledger: the placer changed the consent. */
export const changedEvent = 'consent-changed';

/** Queues the consents of a referral for every server that acknowledged some of them. Hold the referral's lock. */
export async function renewConsents(
  tx: Repositories,
  referral: Referral,
  clock: Clock,
  actor: string,
): Promise<void> {
  const { tenant, id } = referral;
  const receipts = (await tx.receipts.ofReferral(tenant, id)).filter(({ type }) => type === 'Consent');
  for (const serverId of new Set(receipts.map((one) => one.serverId))) {
    const keys = new Set(receipts.filter((one) => one.serverId === serverId).map(({ key }) => key));
    await renewAt(tx, referral, serverId, (entry) => keys.has(entry.key), { clock, actor });
  }
}

/**
 * The consents that a relay has just brought to a server, once more, when they changed after its item was made: it was
 * under way with what had been consented before. Hold the referral's lock.
 */
export async function renewOvertaken(
  tx: Repositories,
  referralId: string,
  {
    tenant,
    serverId,
    entries,
    createdAt,
  }: Pick<ClaimedItem, 'tenant' | 'serverId' | 'entries' | 'createdAt'>,
  clock: Clock,
): Promise<void> {
  if (!(await tx.referrals.happened(tenant, referralId, changedEvent, createdAt))) return;
  const referral = (await tx.referrals.get(tenant, referralId))!;
  const brought = new Set(entries.map(({ key }) => key));
  await renewAt(tx, referral, serverId, (entry) => brought.has(entry.key), { clock, actor: 'gateway' });
}

/**
 * A subject of its own: whatever waits for the patient's agreement at this server must not hold back the news that they
 * withdrew it.
 */
async function renewAt(
  tx: Repositories,
  referral: Referral,
  serverId: string,
  wanted: (entry: WriteEntry) => boolean,
  { clock, actor }: { clock: Clock; actor: string },
): Promise<void> {
  const { tenant, id } = referral;
  const content = (await contentNow(tx, referral)) ?? [];
  const entries = content.filter((entry) => entry.type === 'Consent' && wanted(entry)).map(rewritten);
  if (entries.length === 0) return;
  const item: NewItem = {
    ...{ tenant, lane: 'clinical', serverId, subject: `${id}/consent`, referralId: id, kind: renewKind },
    entries,
  };
  await enqueue(tx, [item], clock);
  const event = { at: new Date(clock.now()), kind: 'queued', actor };
  await tx.referrals.addEvent(tenant, id, { ...event, detail: { kind: renewKind, server: serverId } });
}

/** Written over the copy, which only we write; where it is not, there is nothing to renew. */
function rewritten({ once: _once, ...entry }: WriteEntry): WriteEntry {
  return { ...entry, ifThere: true };
}
