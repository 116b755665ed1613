/** A relay that was set aside after a lost answer may have arrived: the ledger tells whoever holds the patient's letter. */
import type { Candidate } from '../store/candidates.ts';
import type { Repositories } from '../store/store.ts';

/** Event of the ledger: a candidate's server has the referral, as its answer or a read-back said. */
export const relayedEvent = 'relayed';

/** Event of the ledger: a candidate who is let go turned out to have received it. */
export const relayFoundEvent = 'relay-found';

/** Adds the event, once, unless the arrival was told. Hold the referral's lock. */
export async function noteRelayFound(
  tx: Repositories,
  { tenant, referralId, n, serverId }: Candidate,
  at: Date,
): Promise<void> {
  const events = await tx.referrals.events(tenant, referralId);
  const isTold = events.some(({ kind, detail }) => {
    if (kind !== relayedEvent && kind !== relayFoundEvent) return false;
    const { server, candidate = n } = detail as { server?: string; candidate?: number };
    return server === serverId && candidate === n; // older events name no candidate
  });
  if (isTold) return;
  const detail = { server: serverId, candidate: n };
  await tx.referrals.addEvent(tenant, referralId, { at, kind: relayFoundEvent, actor: 'gateway', detail });
}
