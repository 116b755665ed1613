/** A referral goes on with another performer: who had it is let go, the next candidate begins with what was done so far. */
import type { ConsentRecipient } from '../consent/types.ts';
import type { CodeableConcept, Json } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { addCandidate, type CandidateParts, tellApart } from './candidate.ts';
import { isLive, setCandidate } from './candidate-state.ts';
import { doneSoFar } from './carry-over.ts';
import type { Destination } from './destination.ts';
import { type LetGo, letGo } from './let-go.ts';
import { revokePlan } from './revoke-plan.ts';
import { routingTask } from './routing/routing-task.ts';
import { abortTask } from './withdraw.ts';

export type HandOver = {
  destination: Destination;
  recipient: ConsentRecipient;
  /** Who decided: a person's name, or a client. */
  by: string;
  kind: 'assign' | 'transfer';
  reason?: string;
  /** How whoever has it is let go; `ended`: it has stopped already. */
  ending: Extract<LetGo['event'], 'drop' | 'hand-over'> | 'ended';
  /** What its Task says of the end, when it ended by itself. */
  told?: CodeableConcept | undefined;
};

/** Gives it to the destination, from whoever has it. Hold the referral's lock. */
export async function handOver(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  { destination, recipient, by, kind, reason, ending, told }: HandOver,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const now = new Date(parts.clock.now());
  const candidates = await tx.candidates.of(tenant, [id]);
  const current = candidates.find(({ n }) => n === referral.candidate);
  const done = current ? await doneSoFar(tx, referral) : undefined;
  if (current) {
    await revokePlan(tx, referral, parts.clock);
    await tx.referrals.setCarePlan(tenant, id, null);
    const why = told ?? { text: reason ?? `Transmis à ${destination.name}.` };
    await leave(tx, parts, referral, current, ending, why);
  }
  const detail = {
    ...{ by, to: destination.name, ...(current ? { from: current.name } : {}) },
    ...(reason ? { reason } : {}),
    ...(done ? { done: done as unknown as Json } : {}),
  };
  const event = { at: now, actor: by, kind: kind === 'assign' ? 'assigned' : 'transferred', detail };
  await tx.referrals.addEvent(tenant, id, event);
  const apart = candidates.length > 0;
  const candidate = await addCandidate(tx, parts, referral, { destination, recipient, apart });
  const { n, serverId, networkId, performer } = candidate;
  await tx.referrals.choose(tenant, id, { n, serverId, networkId });
  await tx.referrals.setState(tenant, id, 'requested');
  const {
    statusReason: _reason,
    businessStatus: _status,
    output: _output,
    ...own
  } = (await tx.clinical.get(tenant, 'Task', taskId))!;
  const mine = { status: 'requested', owner: performer, lastModified: now.toISOString() };
  await tx.clinical.put(tenant, { ...own, ...mine }, now);
  await routingTask(tx, parts, referral, { status: 'completed' });
}

/** The Task by which the placer saw it ends, with why; its server is told, or has said so itself. */
async function leave(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  current: Candidate,
  ending: HandOver['ending'],
  reason: CodeableConcept,
): Promise<void> {
  const { tenant, id } = referral;
  const now = new Date(parts.clock.now());
  if (current.taskId === null) await tellApart(tx, parts, referral, current);
  const [told] = (await tx.candidates.of(tenant, [id])).filter(({ n }) => n === current.n);
  if (ending === 'ended' || !isLive(told!)) {
    await setCandidate(tx, told!, isLive(told!) ? 'cancelled' : (told!.state as 'cancelled'), now, {
      statusReason: reason,
    });
    return;
  }
  const task = abortTask(referral, parts, reason, now);
  await letGo(tx, parts.clock, referral, told!, { event: ending, reason, task });
}
