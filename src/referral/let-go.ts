/** Letting a candidate go: what was never sent is not sent any more, otherwise its server is asked to cancel. */
import type { Clock } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { AnyResource, CodeableConcept } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { type Asked, askItem, askKind } from './ask-item.ts';
import { relayKind } from './candidate.ts';
import { candidateOf, setCandidate } from './candidate-state.ts';

export type LetGo = {
  event: 'cancel' | 'drop' | 'ask-abort' | 'hand-over';
  reason?: CodeableConcept;
  task: AnyResource;
};

/** Answers whether its server had to be asked. Hold the referral's lock. */
export async function letGo(
  tx: Repositories,
  clock: Clock,
  referral: Referral,
  candidate: Candidate,
  { event, reason, task }: LetGo,
): Promise<boolean> {
  const { tenant, id } = referral;
  const now = new Date(clock.now());
  const open = await tx.outbox.open(tenant, { referralId: id, kind: relayKind });
  const relays = open.filter(({ payload }) => candidateOf(payload.detail) === candidate.n);
  let stopped = 0;
  for (const relay of relays) stopped += (await tx.outbox.supersede(tenant, { id: relay.id }, now)).length;
  // what was claimed meanwhile is on its way, whatever was read before
  const isUnderWay = stopped < relays.length || relays.some(({ attempts }) => attempts > 0);
  const mayBeThere = relays.length === 0 || isUnderWay;
  if (!mayBeThere) {
    await setCandidate(tx, candidate, 'cancelled', now, { statusReason: reason });
    return false;
  }
  // more of the file for whoever is let go: it may wait for a consent that ended, and would hold this back
  const asks = await tx.outbox.open(tenant, { referralId: id, kind: askKind });
  for (const { id: itemId, payload } of asks)
    if (
      (payload.detail as Partial<Asked> | null)?.event === 'inform' &&
      candidateOf(payload.detail) === candidate.n
    )
      await tx.outbox.supersede(tenant, { id: itemId }, now);
  const asked = { event, candidate: candidate.n, ...(reason ? { reason } : {}) };
  await enqueue(tx, [askItem(referral, candidate.serverId, asked, task)], clock);
  return true;
}
