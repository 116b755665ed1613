/**
 * Everybody who was asked has refused. Whoever chose them gets the referral back: the placer a refused Task, a person the
 * work item to choose anew when the order named nobody.
 */
import type { CodeableConcept, Json } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { CandidateParts } from './candidate.ts';
import { doneSoFar } from './carry-over.ts';
import { revokePlan } from './revoke-plan.ts';
import { routingTask } from './routing/routing-task.ts';

/** True when the placer left it to the gateway whom to ask. */
export async function isRouted(tx: Repositories, { tenant, orderId }: Referral): Promise<boolean> {
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  return !((order?.['performer'] ?? []) as unknown[]).length;
}

/** Hold the referral's lock. `reason`: of the last refusal. */
export async function sendBack(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  candidates: readonly Candidate[],
  reason: CodeableConcept | undefined,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const now = new Date(parts.clock.now());
  const { owner: _owner, ...own } = (await tx.clinical.get(tenant, 'Task', taskId))!;
  const names = candidates.map(({ name }) => name).filter(Boolean);
  const [from, lastModified] = [String(own['status']), now.toISOString()];
  const event = { at: now, actor: 'gateway' };
  if (!(await isRouted(tx, referral))) {
    const text = `Tous les destinataires ont refusé : ${names.join(', ')}.`;
    const statusReason = { ...reason, text: [text, reason?.text].filter(Boolean).join(' ') };
    const output = await proposals(tx, candidates);
    const told = { status: 'rejected', statusReason, lastModified, ...(output.length ? { output } : {}) };
    await tx.clinical.put(tenant, { ...own, ...told }, now);
    await tx.referrals.setState(tenant, id, 'rejected');
    await tx.referrals.addEvent(tenant, id, { ...event, kind: 'task', detail: { from, to: 'rejected' } });
    return;
  }
  const why = `Refusé par ${names.join(', ')} : choisissez un autre destinataire.`;
  await giveToPerson(tx, parts, referral, { why, by: names.join(', ') });
}

/** Nobody has it any more: a person is to choose. Hold the referral's lock. */
export async function giveToPerson(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  { why, by }: { why: string; by: string },
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const now = new Date(parts.clock.now());
  const { owner: _owner, businessStatus: _asked, ...own } = (await tx.clinical.get(tenant, 'Task', taskId))!;
  const done = await doneSoFar(tx, referral);
  await revokePlan(tx, referral, parts.clock);
  await tx.referrals.setCarePlan(tenant, id, null);
  await tx.referrals.choose(tenant, id, null);
  await tx.referrals.setState(tenant, id, 'requested');
  await tx.clinical.put(tenant, { ...own, status: 'requested', lastModified: now.toISOString() }, now);
  await routingTask(tx, parts, referral, { status: 'requested', why });
  const detail = { from: String(own['status']), by, ...(done ? { done: done as unknown as Json } : {}) };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: 'sent-back', actor: 'gateway', detail });
}

/** What they proposed instead, as their Tasks name it. */
async function proposals(tx: Repositories, candidates: readonly Candidate[]): Promise<unknown[]> {
  const outputs: unknown[] = [];
  for (const { tenant, taskId } of candidates) {
    const task = taskId === null ? undefined : await tx.clinical.get(tenant, 'Task', taskId);
    outputs.push(...((task?.['output'] ?? []) as unknown[]));
  }
  return outputs;
}
