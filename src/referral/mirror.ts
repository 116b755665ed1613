/** The fulfiller's Task moved: the gateway's own Task, which the placer reads, follows by allowed moves only (REF-07). */
import type { AnyResource, Task } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { setCandidate } from './candidate-state.ts';
import { pendingTransfer } from './ask-transfer.ts';
import { completeIfDone } from './close.ts';
import type { DirectParts } from './direct.ts';
import { closeWithdrawn, withdrawalOf } from './end-withdrawn.ts';
import { isEnded, isTaskState, type TaskState, wayBetween } from './machine.ts';
import { toldLacking } from './machine-refusals.ts';
import { mirrorCandidate } from './mirror-candidate.ts';
import { factsOf, mirrored, said } from './mirrored-task.ts';
import { passOn } from './pass-on.ts';
import { keepProposal } from './proposal.ts';
import { type Mirrored, refuseMove } from './refuse-move.ts';
import { revokePlan } from './revoke-plan.ts';
import { type Read, seenBefore } from './seen-before.ts';
import { isRouted, sendBack } from './send-back.ts';
import { startPlan } from './start-plan.ts';

export type MirrorParts = DirectParts;

export type { Mirrored } from './refuse-move.ts';

/** Whose Task it is, and when it was read; `proposal`: what it proposes instead of what it refuses. */
export type Moved = { referralId: string; n: number; read: Read; proposal?: AnyResource | undefined };

/** One transaction's work for the Task of one candidate of a referral. */
export async function mirror(
  tx: Repositories,
  tenant: string,
  { referralId, n, read, proposal }: Moved,
  theirs: Task,
  parts: MirrorParts,
): Promise<Mirrored> {
  const referral = await tx.referrals.lock(tenant, referralId);
  const candidates = await tx.candidates.of(tenant, [referralId]);
  const candidate = candidates.find((one) => one.n === n);
  if (!referral || !candidate || referral.closedAt) return { moved: [] };
  if (await seenBefore(tx, candidate, theirs, read)) return { moved: [] };
  const events = await tx.referrals.events(tenant, referralId);
  const withdrawn = withdrawalOf(events) !== undefined;
  if (referral.candidate === n)
    return mirrorChosen(tx, { referral, candidate, events, proposal }, theirs, parts);
  const followed = await mirrorCandidate(
    tx,
    { referral, candidate, candidates, withdrawn, proposal },
    theirs,
    parts,
  );
  if (!followed.chosen) return followed;
  return mirrorChosen(tx, { referral: followed.chosen, candidate, events }, theirs, parts);
}

type Chosen = {
  referral: Referral;
  candidate: Candidate;
  events: readonly ReferralEvent[];
  proposal?: AnyResource | undefined;
};

/** The Task of whoever has the referral: our own says the same. */
async function mirrorChosen(
  tx: Repositories,
  { referral, candidate, events, proposal }: Chosen,
  theirs: Task,
  parts: MirrorParts,
): Promise<Mirrored> {
  const { tenant, id } = referral;
  const { serverId } = candidate;
  const now = new Date(parts.clock.now());
  const own = await tx.clinical.get(tenant, 'Task', referral.taskId);
  if (!own) return { moved: [] };
  const from = own['status'] as TaskState;
  const to: unknown = theirs.status;
  const withdrawn = withdrawalOf(events) !== undefined;
  const pending = withdrawn ? undefined : pendingTransfer(events);
  const facts = factsOf(theirs, withdrawn || pending !== undefined);
  const found = isTaskState(to) ? wayBetween(from, to, 'fulfiller', facts) : undefined;
  if (found === undefined) return refuseMove(tx, referral, serverId, from, to, facts, now);
  const { states: way, owes } = found;
  const next = mirrored(own, theirs, serverId, facts, now);
  if (way.length === 0) {
    if (said(next) !== said(own)) {
      await tx.clinical.put(tenant, next, now);
      const event = { at: now, kind: 'task-told', actor: serverId, detail: { state: from } };
      await tx.referrals.addEvent(tenant, id, event);
    }
    await completeIfDone(tx, tenant, id, now);
    return { moved: [] };
  }
  const last = way.at(-1)!;
  await setCandidate(tx, candidate, last, now, { statusReason: theirs.statusReason });
  const problem = owes ? { problem: toldLacking(owes) } : {};
  if (pending && (last === 'cancelled' || last === 'failed')) {
    await passOn(tx, parts, referral, pending, theirs.statusReason);
    return { moved: way, ...problem };
  }
  if (last === 'rejected' && !proposal && (await isRouted(tx, referral))) {
    await sendBack(tx, parts, referral, [{ ...candidate, state: last }], theirs.statusReason);
    return { moved: way, ...problem };
  }
  const kept =
    proposal && last === 'rejected' && (await keepProposal(tx, parts, referral, candidate, proposal));
  await tx.clinical.put(tenant, kept ? { ...next, output: [kept] } : next, now);
  let before = from;
  for (const state of way) {
    const event = { at: now, kind: 'task', actor: serverId };
    await tx.referrals.addEvent(tenant, id, { ...event, detail: { from: before, to: state } });
    before = state;
  }
  await follow(tx, referral, candidate, way, parts);
  if (last === 'cancelled') await closeWithdrawn(tx, referral, events, parts.clock);
  return { moved: way, ...problem };
}

async function follow(
  tx: Repositories,
  referral: Referral,
  { protocol: named }: Candidate,
  way: readonly TaskState[],
  parts: MirrorParts,
): Promise<void> {
  const { tenant, id } = referral;
  const now = new Date(parts.clock.now());
  const last = way.at(-1)!;
  const isLost = isEnded(last) && last !== 'completed';
  if (isLost) await revokePlan(tx, referral, parts.clock);
  else if (way.includes('accepted') && referral.carePlanId === null) {
    const order = await tx.clinical.get(tenant, 'ServiceRequest', referral.orderId);
    const [canonical] = (order?.['instantiatesCanonical'] ?? []) as string[];
    const wanted = named ?? canonical;
    const protocol = wanted ? await tx.protocols.byCanonical(tenant, wanted) : undefined;
    if (protocol) await startPlan(tx, referral, protocol, parts);
    else await tx.referrals.addEvent(tenant, id, { at: now, kind: 'protocol-missing', actor: 'gateway' });
  }
  if (last === 'completed') {
    const done = await completeIfDone(tx, tenant, id, now);
    if (!done) await tx.referrals.setState(tenant, id, 'in-progress');
  } else await tx.referrals.setState(tenant, id, last);
}
