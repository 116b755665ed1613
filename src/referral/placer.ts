/**
 * What the placer's side does to a referral it placed, over FHIR: its order is its own (REF-01), the Task it may cancel
 * before the start and ask to stop afterwards (REF-03). The end is closed by completing the order.
 */
import { hasCoding } from '../fhir/coding.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, CodeableConcept, Json, Patient, Task } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { askItem } from './ask-item.ts';
import { inPlay } from './candidate-state.ts';
import { closeReferral } from './close.ts';
import type { Caller, ReferralContext } from './context.ts';
import { abortOf } from './end-withdrawn.ts';
import { isTaskState, move, type TaskEvent, type TaskState } from './machine.ts';
import { insMisplaced, leaksIns } from './patient.ts';
import { unseenLink } from './references.ts';
import { refusal, refusedMove } from './refuse.ts';
import { eachUnseen } from './unseen.ts';
import { withdraw } from './withdraw.ts';
import { act, type Stored } from './act.ts';

/**
 * `PUT ServiceRequest/<id>`: status `revoked` takes the referral back, `on-hold` and `active` hold and resume it,
 * `completed` closes it once it has ended. Answers the stored order; a repeated request changes nothing. Throws
 * `not-found`, `conflict` (stale version), `unprocessable` (another change, or the machine refuses).
 */
export async function updateOrder(
  context: ReferralContext,
  caller: Caller,
  resource: Stored,
  expected?: number,
): Promise<Stored> {
  const { tenant, client } = caller;
  return act(
    context,
    caller,
    { part: 'order_id', id: resource.id, type: 'ServiceRequest' },
    resource,
    async (tx, referral, now) => {
      const current = (await tx.clinical.get(tenant, 'ServiceRequest', resource.id))!;
      if (statusless(current) !== statusless(resource))
        throw refusal(
          'Seul le statut d’une demande placée peut changer. Pour autre chose, annulez-la et placez-en une nouvelle (replaces).',
          'ServiceRequest',
        );
      const wanted = String(resource['status']);
      if (wanted === current['status']) return current;
      const path = 'ServiceRequest.status';
      if (wanted === 'revoked') {
        await takeBack(tx, context, caller, referral, path);
        return (await tx.clinical.get(tenant, 'ServiceRequest', resource.id))!;
      }
      if (wanted === 'completed') {
        const refusedClose = await closeReferral(tx, referral, client, now);
        if (refusedClose) throw refusedMove(refusedClose, path);
      } else if (wanted === 'on-hold' || wanted === 'active')
        await ask(tx, context, referral, wanted === 'on-hold' ? 'hold' : 'resume', path);
      else
        throw refusal(
          'Une demande placée devient revoked, on-hold, active ou completed, rien d’autre.',
          path,
        );
      return tx.clinical.put(tenant, { ...current, status: wanted }, now);
    },
    expected,
  );
}

/**
 * `PUT Task/<id>` of the coordination Task: `cancelled` before the start, `on-hold` and `in-progress` in between, more
 * `input` at any time (what the fulfiller missed). Answers the Task as it is until the fulfiller's says otherwise.
 */
export async function updateTask(
  context: ReferralContext,
  caller: Caller,
  resource: Stored,
  expected?: number,
): Promise<Stored> {
  const { tenant } = caller;
  return act(
    context,
    caller,
    { part: 'task_id', id: resource.id, type: 'Task' },
    resource,
    async (tx, referral, now) => {
      const current = (await tx.clinical.get(tenant, 'Task', referral.taskId))!;
      const wanted: unknown = resource['status'];
      const input = added(current, resource);
      if (input.length) {
        const patient = (await tx.clinical.get(tenant, 'Patient', referral.patientId)) as unknown as Patient;
        if (leaksIns(input, patient, context.rules.identity, now)) throw refusal(insMisplaced, 'Task.input');
        await ask(tx, context, referral, 'inform', 'Task.input', input);
        await tx.clinical.put(tenant, { ...current, input: resource['input'] }, now);
      }
      if (wanted !== current['status']) {
        const event = isTaskState(wanted) ? asked[wanted] : undefined;
        if (!event)
          throw refusal(
            'Ce statut appartient au destinataire, qui le pose sur son propre serveur : la passerelle le suit.',
            'Task.status',
          );
        const reason = resource['statusReason'] as CodeableConcept | undefined;
        if (event === 'cancel') await takeBack(tx, context, caller, referral, 'Task.status', reason, event);
        else await ask(tx, context, referral, event, 'Task.status');
      }
      return (await tx.clinical.get(tenant, 'Task', referral.taskId))!;
    },
    expected,
  );
}

const asked: Partial<Record<TaskState, TaskEvent>> = {
  cancelled: 'cancel',
  'on-hold': 'hold',
  'in-progress': 'resume',
};

/** `POST Task` with code abort, whose focus is the coordination Task. 201 the first time, 200 when it was asked before. */
export async function createAbort(
  context: ReferralContext,
  caller: Caller,
  resource: AnyResource,
): Promise<{ status: number; resource: Stored }> {
  const { code, focus, statusReason, reasonCode } = resource as unknown as Task;
  if (!hasCoding(code, context.rules.referral.abortTask.code))
    throw refusal('Seule une tâche d’annulation (code abort) se crée ici.', 'Task.code', 'not-supported');
  const local = parseLocalReference(focus?.reference ?? '');
  if (local?.type !== 'Task')
    throw refusal('La tâche d’annulation désigne celle de la demande.', 'Task.focus', 'required');
  let status = 201;
  const stored = await act(
    context,
    caller,
    { part: 'task_id', id: local.id, type: 'Task' },
    { ...resource, id: local.id },
    async (tx, referral) => {
      const earlier = await abortOf(tx, referral);
      if (earlier) status = 200;
      else
        await takeBack(tx, context, caller, referral, 'Task.focus', reasonCode ?? statusReason, 'ask-abort');
      return (await abortOf(tx, referral))!;
    },
  );
  return { status, resource: stored };
}

async function takeBack(
  tx: Repositories,
  context: ReferralContext,
  { client: actor }: Caller,
  referral: Referral,
  path: string,
  reason?: CodeableConcept,
  event?: 'cancel' | 'ask-abort',
): Promise<void> {
  const refusal = await withdraw(tx, context, referral, {
    ...{ actor, role: 'placer' },
    ...(reason ? { reason } : {}),
    ...(event ? { event } : {}),
  });
  if (refusal) throw refusedMove(refusal, path);
}

async function ask(
  tx: Repositories,
  { clock }: ReferralContext,
  referral: Referral,
  event: TaskEvent,
  path: string,
  input?: Json[],
): Promise<void> {
  const step = move(referral.state as TaskState, event, 'placer');
  if ('refused' in step) throw refusedMove(step, path);
  const asked = inPlay(await tx.candidates.of(referral.tenant, [referral.id]), referral.candidate);
  const items = asked.map(({ n, serverId }) =>
    askItem(
      referral,
      serverId,
      { event, candidate: n, ...(input ? { input } : {}) },
      { resourceType: 'Task' },
    ),
  );
  await enqueue(tx, items, clock);
}

/** What stands behind what was there; nothing else of the inputs may change. */
function added(current: AnyResource, resource: AnyResource): Json[] {
  const before = (current['input'] ?? []) as Json[];
  const after = (resource['input'] ?? []) as Json[];
  if (contentHash(after.slice(0, before.length)) !== contentHash(before))
    throw refusal('Ce qui a été transmis ne se retire plus : ajoutez à la suite.', 'Task.input');
  const more = after.slice(before.length);
  if (more.some((one) => JSON.stringify(one).includes('"reference"')))
    throw refusal(
      'Le destinataire ne voit pas votre serveur : donnez le texte ou la pièce jointe elle-même.',
      'Task.input',
    );
  eachUnseen(after, 'Task.input', (_url, path) => {
    if (Number(/\[(\d+)\]/.exec(path)?.[1]) >= before.length) throw refusal(unseenLink, path, 'value');
  });
  return more;
}

function statusless(order: AnyResource): string {
  const { status: _status, ...rest } = normalForm(order) as AnyResource & { status?: unknown };
  return contentHash(rest);
}
