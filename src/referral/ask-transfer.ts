/**
 * After the start, the placer's side cannot take a referral from whoever has it (REF-03): it asks, by a Task of its own. When
 * the performer stops, the referral goes on with the one named then; when it goes on, nothing changes.
 */
import { enqueue } from '../delivery/enqueue.ts';
import type { CodeableConcept } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { askItem } from './ask-item.ts';
import type { CandidateParts } from './candidate.ts';
import { refusal } from './refuse.ts';
import { abortTask } from './withdraw.ts';

/** What is asked: `to` as whoever asked named the offer, `name` for people, `ask` counts requests to one performer. */
export type TransferAsked = {
  to: string;
  name: string;
  by: string;
  reason?: string;
  candidate: number;
  ask: number;
};

const askedEvent = 'transfer-asked';
const answeredEvent = 'transfer-answered';
/** Requests to one performer: each needs a Task of its own there. */
export const mostAsks = 3;

/** True once somebody has begun and not ended. */
export function isUnderWay(state: string): boolean {
  return state === 'in-progress' || state === 'on-hold';
}

/** The request that waits for its answer. */
export function pendingTransfer(events: readonly ReferralEvent[]): TransferAsked | undefined {
  const last = events.findLast(({ kind }) => over.has(kind));
  return last?.kind === askedEvent ? (last.detail as unknown as TransferAsked) : undefined;
}

/** Whatever comes after it ends a request. */
const over: ReadonlySet<string> = new Set([askedEvent, answeredEvent, 'transferred', 'sent-back']);

/** Asks whoever has it to stop. Throws `unprocessable` when that is asked already, or was three times. */
export async function askTransfer(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  { n, serverId }: Candidate,
  wanted: Omit<TransferAsked, 'candidate' | 'ask'>,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const events = await tx.referrals.events(tenant, id);
  const now = new Date(parts.clock.now());
  if (pendingTransfer(events))
    throw refusal('La transmission est déjà demandée au destinataire : attendez sa réponse.', 'Task.owner');
  const before = events.filter(
    ({ kind, detail }) => kind === askedEvent && (detail as unknown as TransferAsked).candidate === n,
  );
  if (before.length >= mostAsks)
    throw refusal(
      `Le destinataire a déjà refusé ${mostAsks} fois de transmettre : convenez-en avec lui.`,
      'Task.owner',
    );
  const reason = { text: wanted.reason ?? `À transmettre à ${wanted.name}.` };
  const ask = before.length + 1;
  const asked = { event: 'ask-transfer', candidate: n, reason, ask } as const;
  await enqueue(
    tx,
    [askItem(referral, serverId, asked, abortTask(referral, parts, reason, now))],
    parts.clock,
  );
  const own = (await tx.clinical.get(tenant, 'Task', taskId))!;
  const said = { businessStatus: { text: 'Transmission demandée' }, lastModified: now.toISOString() };
  await tx.clinical.put(tenant, { ...own, ...said }, now);
  const detail = { ...wanted, candidate: n, ask };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: askedEvent, actor: wanted.by, detail });
}

/** What the performer answered to the Task that asks; told once. Agreeing changes nothing until its own Task has ended. */
export async function noteTransferAnswer(
  tx: Repositories,
  referral: Referral,
  candidate: number,
  { status, statusReason }: { status: string; statusReason?: CodeableConcept | undefined },
  { actor, at, ask }: { actor: string; at: Date; ask: number },
): Promise<void> {
  const { tenant, id } = referral;
  const pending = pendingTransfer(await tx.referrals.events(tenant, id));
  if (status !== 'rejected' || pending?.candidate !== candidate || pending.ask !== ask) return;
  const reason = statusReason?.text;
  const detail = { to: status, name: pending.name, ...(reason ? { reason } : {}) };
  await tx.referrals.addEvent(tenant, id, { at, kind: answeredEvent, actor, detail });
}
