/**
 * The Task of one of several candidates moved, while nobody has the referral yet or somebody else has: the first that
 * accepts has it and the others are let go; when all refuse, it goes back (REF-02).
 */
import type { AnyResource, Task } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { CandidateParts } from './candidate.ts';
import { isLive, setCandidate } from './candidate-state.ts';
import { endWithdrawn } from './end-withdrawn.ts';
import { letGo } from './let-go.ts';
import { isTaskState, type TaskState, wayBetween } from './machine.ts';
import { toldLacking } from './machine-refusals.ts';
import { factsOf } from './mirrored-task.ts';
import { keepProposal } from './proposal.ts';
import { type Mirrored, refuseMove } from './refuse-move.ts';
import { sendBack } from './send-back.ts';
import { abortTask } from './withdraw.ts';

export type Among = {
  referral: Referral;
  candidate: Candidate;
  candidates: readonly Candidate[];
  withdrawn: boolean;
  /** What its Task proposes instead of what it refuses. */
  proposal?: AnyResource | undefined;
};

/** Hold the referral's lock. `chosen`: the referral as it is now that this candidate has it; our own Task is still to follow. */
export async function mirrorCandidate(
  tx: Repositories,
  { referral, candidate, candidates, withdrawn, proposal }: Among,
  theirs: Task,
  parts: CandidateParts,
): Promise<Mirrored & { chosen?: Referral }> {
  const { tenant, id } = referral;
  const now = new Date(parts.clock.now());
  const { n, name, serverId } = candidate;
  const isFree = referral.candidate === null && !withdrawn;
  const from = candidate.state as TaskState;
  const to: unknown = theirs.status;
  const facts = factsOf(theirs, !isFree); // whoever was let go was asked to stop
  const found = isTaskState(to) ? wayBetween(from, to, 'fulfiller', facts) : undefined;
  if (found === undefined) return refuseMove(tx, referral, serverId, from, to, facts, now);
  const { states: way, owes } = found;
  const last = way.at(-1);
  if (last === undefined) return { moved: [] };
  const kept = proposal && isFree && last === 'rejected';
  const output = kept ? await keepProposal(tx, parts, referral, candidate, proposal) : undefined;
  await setCandidate(tx, candidate, last, now, { statusReason: theirs.statusReason, output });
  const detail = { candidate: n, name, from, to: last };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: 'candidate', actor: serverId, detail });
  const told = { moved: way, ...(owes ? { problem: toldLacking(owes) } : {}) };
  const all = candidates.map((one) => (one.n === n ? { ...one, state: last } : one));
  const isOver = !all.some(isLive);
  if (!isFree) {
    // The last of those whom it was taken back from answered by itself before it was asked.
    if (withdrawn && isOver && referral.candidate === null) await endWithdrawn(tx, parts, referral, now);
    return told;
  }
  if (way.includes('accepted'))
    return { ...told, chosen: await chooseOne(tx, parts, referral, candidate, candidates) };
  if (isOver) await sendBack(tx, parts, referral, all, theirs.statusReason);
  else if (last === 'received') await receivedBySome(tx, referral, now);
  return told;
}

const notSelected = { text: 'Un autre destinataire a été retenu (not selected).' };

/** Gives it the referral and lets the others go. */
async function chooseOne(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  { n, name, serverId, networkId, performer }: Candidate,
  candidates: readonly Candidate[],
): Promise<Referral> {
  const { tenant, id, taskId } = referral;
  const now = new Date(parts.clock.now());
  await tx.referrals.choose(tenant, id, { n, serverId, networkId });
  const own = (await tx.clinical.get(tenant, 'Task', taskId))!;
  await tx.clinical.put(tenant, { ...own, owner: performer, lastModified: now.toISOString() }, now);
  const event = { at: now, actor: serverId };
  await tx.referrals.addEvent(tenant, id, {
    ...event,
    kind: 'candidate-chosen',
    detail: { candidate: n, name },
  });
  const task = abortTask(referral, parts, notSelected, now);
  for (const other of candidates.filter((one) => one.n !== n && isLive(one))) {
    await letGo(tx, parts.clock, referral, other, { event: 'drop', reason: notSelected, task });
    const detail = { candidate: other.n, name: other.name };
    await tx.referrals.addEvent(tenant, id, {
      ...event,
      actor: 'gateway',
      kind: 'candidate-dropped',
      detail,
    });
  }
  return (await tx.referrals.get(tenant, id))!;
}

/** Our own Task is received once one of them has it before them. */
async function receivedBySome(tx: Repositories, { tenant, id, taskId }: Referral, now: Date): Promise<void> {
  const own = (await tx.clinical.get(tenant, 'Task', taskId))!;
  if (own['status'] !== 'requested') return;
  await tx.clinical.put(tenant, { ...own, status: 'received', lastModified: now.toISOString() }, now);
  await tx.referrals.setState(tenant, id, 'received');
  const detail = { from: 'requested', to: 'received' };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: 'task', actor: 'gateway', detail });
}
