/** Taking a referral back: cancelled before it started, asked to stop afterwards (REF-03). */
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, CodeableConcept } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { inPlay } from './candidate-state.ts';
import type { ReferralContext } from './context.ts';
import { abortOf, endWithdrawn, withdrawnEvent } from './end-withdrawn.ts';
import { letGo } from './let-go.ts';
import { move, type TaskRole, type TaskState } from './machine.ts';
import type { Refusal } from './machine-refusals.ts';
import { partKey } from './names.ts';
import { routingTask } from './routing/routing-task.ts';

export type Withdrawal = {
  /** Absent: whichever the status allows, to cancel or to ask to stop. */
  event?: 'cancel' | 'ask-abort';
  role: TaskRole;
  /** Client id, or `gateway`. */
  actor: string;
  reason?: CodeableConcept;
};

type WithdrawParts = Pick<ReferralContext, 'clock' | 'ids' | 'rules'>;

/**
 * Takes it back. What was never sent is over at once; otherwise the fulfiller's server is asked, and the referral is
 * over when it says so. Asked a second time it does nothing more. Answers the refusal when the status does not allow it.
 * Hold the referral's lock.
 */
export async function withdraw(
  tx: Repositories,
  parts: WithdrawParts,
  referral: Referral,
  withdrawal: Withdrawal,
): Promise<Refusal | undefined> {
  const { tenant, id } = referral;
  const { role, actor, reason } = withdrawal;
  if (await abortOf(tx, referral)) return undefined;
  const started = 'refused' in move(referral.state as TaskState, 'cancel', 'placer');
  const event = withdrawal.event ?? (started ? 'ask-abort' : 'cancel');
  const step = move(referral.state as TaskState, event, role, { reason: reason !== undefined });
  if ('refused' in step) return step;
  const now = new Date(parts.clock.now());
  const task = abortTask(referral, parts, reason, now);
  await tx.clinical.put(tenant, { ...task, id: parts.ids.uuid() }, now);
  await markAsked(tx, referral, now);
  await tx.referrals.addEvent(tenant, id, { at: now, kind: withdrawnEvent, actor, detail: { event } });

  const candidates = inPlay(await tx.candidates.of(tenant, [id]), referral.candidate);
  let asked = false;
  for (const candidate of candidates) {
    const how = { event, task, ...(reason ? { reason } : {}) };
    asked = (await letGo(tx, parts.clock, referral, candidate, how)) || asked;
  }
  await routingTask(tx, parts, referral, { status: 'cancelled' });
  if (!asked) await endWithdrawn(tx, parts, referral, now);
  return undefined;
}

/** The Task that asks to stop. */
export function abortTask(
  { id, patientId, taskId }: Referral,
  { rules }: WithdrawParts,
  reason: CodeableConcept | undefined,
  now: Date,
): AnyResource {
  const { code, text } = rules.referral.abortTask;
  return {
    resourceType: 'Task',
    identifier: [splitKey(partKey(id, 'abort'))],
    status: 'requested',
    intent: 'order',
    code: { coding: [code], text },
    focus: { reference: `Task/${taskId}`, type: 'Task', identifier: splitKey(partKey(id, 'task')) },
    for: { reference: `Patient/${patientId}` },
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    ...(reason ? { reasonCode: reason } : {}),
  };
}

/** Until the fulfiller knows, the Task keeps its status; what is asked stands beside it. */
async function markAsked(tx: Repositories, { tenant, taskId, orderId }: Referral, now: Date): Promise<void> {
  const own = await tx.clinical.get(tenant, 'Task', taskId);
  if (own)
    await tx.clinical.put(
      tenant,
      { ...own, businessStatus: { text: 'Annulation demandée' }, lastModified: now.toISOString() },
      now,
    );
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  if (order && order['status'] !== 'revoked')
    await tx.clinical.put(tenant, { ...order, status: 'revoked' }, now);
}
