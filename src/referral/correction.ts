/**
 * A document that completed a referral was corrected or completed by another: everybody gets it, and the placer is to take
 * note again. The referral stays as it ended: nothing of the care is undone by a better document.
 */
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { acknowledge, acknowledgedTask, acknowledgePart, correctedEvent } from './acknowledge.ts';
import { act, type Stored } from './act.ts';
import type { CandidateParts } from './candidate.ts';
import { clocksOf } from './clocks.ts';
import type { Caller, ReferralContext } from './context.ts';
import { ownerOf } from './owner.ts';
import { notFound, refusal } from './refuse.ts';
import { workItem, workItemOf } from './work-item.ts';

export type Correction = {
  /** The gateway's own DocumentReference of the newer one. */
  document: AnyResource;
  documentId: string;
  code: 'replaces' | 'appends';
  /** Client that sent it. */
  by: string;
  /** Of the work item, when there is none yet. */
  newId: string;
};

const said = {
  replaces: 'Le document qui a terminé cet adressage a été remplacé : prenez connaissance du nouveau.',
  appends: 'Le document qui a terminé cet adressage a été complété : prenez connaissance du complément.',
} as const;

/** Told in the ledger, on the Task and by a work item with its due time. Hold the referral's lock. */
export async function noteCorrection(
  tx: Repositories,
  { clock, rules }: Pick<CandidateParts, 'clock' | 'rules'>,
  referral: Referral,
  { document, documentId, code, by, newId }: Correction,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const now = new Date(clock.now());
  const lastModified = now.toISOString();
  const detail = { document: documentId, code };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: correctedEvent, actor: by, detail });
  const watched = { ...referral, events: await tx.referrals.events(tenant, id) };
  const due = clocksOf(watched, rules.clocks, now).find(
    (one) => one.id === rules.referral.acknowledgeTask.clock,
  );
  const before = await workItemOf(tx, referral, acknowledgePart);
  const of = { part: acknowledgePart, id: before?.id ?? newId, before, now };
  const work = workItem(
    referral,
    rules,
    { purpose: 'acknowledgeTask', ...of },
    {
      partOf: [{ reference: `Task/${taskId}` }],
      status: 'requested',
      description: said[code],
      owner: await ownerOf(tx, referral, 'placer'),
      restriction: { period: { start: lastModified, end: (due?.dueAt ?? now).toISOString() } },
      input: [{ type: { text: 'Document' }, valueReference: referenceOf(document) }],
    },
  );
  await tx.clinical.put(tenant, work, now);
  const own = await tx.clinical.get(tenant, 'Task', taskId);
  if (own) await tx.clinical.put(tenant, { ...own, businessStatus: { text: said[code] }, lastModified }, now);
}

function referenceOf({ id }: AnyResource): Reference {
  return { reference: `DocumentReference/${id!}`, type: 'DocumentReference' };
}

/**
 * `PUT Task/<id>` of the work item by the placer, status `completed`: it has seen the newer document. Repeated it changes
 * nothing. Throws as `act`, and `unprocessable` for any other status.
 */
export async function updateAcknowledgement(
  context: ReferralContext,
  caller: Caller,
  resource: Stored,
  expected?: number,
): Promise<Stored> {
  const { tenant, client } = caller;
  const current = await context.store.clinical.get(tenant, 'Task', resource.id);
  const id = current && acknowledgedTask(current);
  if (id === undefined) throw notFound('Aucune tâche de cet identifiant.');
  const on = { part: 'task_id', id, type: 'Task' } as const;
  const work = async (tx: Repositories, referral: Referral, now: Date): Promise<Stored> => {
    if (resource['status'] !== 'completed')
      throw refusal(
        'Cette tâche se termine (completed) quand vous avez pris connaissance du document.',
        'Task.status',
      );
    await acknowledge(tx, referral, client, now);
    return (await tx.clinical.get(tenant, 'Task', resource.id))!;
  };
  return act(context, caller, on, resource, work, expected);
}
