/** How far a candidate's Task is, in its row and on the Task by which the placer sees it. */
import type { CodeableConcept, Json } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Repositories } from '../store/store.ts';
import { isEnded, type TaskState } from './machine.ts';

/** What it says beside its status. */
export type CandidateTold = { statusReason?: CodeableConcept | undefined; output?: object | undefined };

/** Hold the referral's lock. */
export async function setCandidate(
  tx: Repositories,
  { tenant, referralId, n, taskId }: Candidate,
  state: TaskState,
  now: Date,
  { statusReason, output }: CandidateTold = {},
): Promise<void> {
  await tx.candidates.setState(tenant, referralId, n, state);
  const task = taskId === null ? undefined : await tx.clinical.get(tenant, 'Task', taskId);
  if (!task) return;
  await tx.clinical.put(
    tenant,
    {
      ...{ ...task, status: state, lastModified: now.toISOString() },
      ...(statusReason ? { statusReason } : {}),
      ...(output ? { output: [output] } : {}),
    },
    now,
  );
}

/** True while its Task can still change. */
export function isLive({ state }: Candidate): boolean {
  return !isEnded(state as TaskState);
}

/** Those who were asked and have not said no; once somebody has it, only that one. */
export function inPlay(candidates: readonly Candidate[], chosen: number | null): Candidate[] {
  return candidates.filter((one) => (chosen === null ? isLive(one) : one.n === chosen));
}

/** Which of them an item of the outbox is for; items written before there were several are for the first. */
export function candidateOf(detail: Json): number {
  return (detail as { candidate?: number } | null)?.candidate ?? 1;
}
