/**
 * What the placer's side asks of a Task at the fulfiller's server: to cancel it, to hold or resume it, to stop what has
 * started. What is written is decided when it is sent, from the Task as it is there then, and under its version.
 */
import type { ClaimedItem, Effect, NewItem, Prepare, WriteEntry } from '../delivery/types.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../fhir/error.ts';
import { splitKey } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { AnyResource, CodeableConcept, Json } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Store } from '../store/store.ts';
import { isTaskState, move, type TaskEvent, type TaskState } from './machine.ts';
import { candidateOf, inPlay, setCandidate } from './candidate-state.ts';
import { candidatePart, partKey, taskKey } from './names.ts';
import { patientReference } from './patient-entries.ts';
import { endWithdrawn } from './end-withdrawn.ts';
import { noteRelayFound } from './relay-found.ts';
import { rememberTask } from './remember-task.ts';

/** Kind of the items that ask something of a Task at its fulfiller's. */
export const askKind = 'ask-fulfiller';

/** `candidate`: whose Task it is; `ask`: which of several requests to hand over. */
export type Asked = {
  event: TaskEvent;
  candidate: number;
  reason?: CodeableConcept;
  input?: Json[];
  ask?: number;
};

/** The item for a server; `task` is what is written beside the Task when a Task of its own has to ask (abort). */
export function askItem(
  { tenant, id }: Pick<Referral, 'tenant' | 'id'>,
  serverId: string,
  asked: Asked,
  task: AnyResource,
): NewItem {
  const part = asked.ask === undefined ? 'abort' : transferPart(asked.ask);
  const key = partKey(id, candidatePart(part, asked.candidate));
  const { id: _id, ...body } = {
    ...task,
    identifier: [splitKey(key)],
    focus: { reference: referenceTo('Task', taskKey(id, asked.candidate)) },
    for: patientReference(id),
  } as AnyResource;
  return {
    ...{ tenant, lane: 'clinical', serverId, subject: id, referralId: id, kind: askKind },
    entries: [{ type: 'Task', key, body, once: true }],
    detail: asked as unknown as Json,
  };
}

/** Name of the Task that asks, for the first, second … time, to hand over what has started. */
export function transferPart(ask: number): string {
  return `transfer/${ask}`;
}

/** What takes a Task out of a fulfiller's hands. */
const takingBack: ReadonlySet<TaskEvent> = new Set(['cancel', 'drop', 'ask-abort', 'hand-over']);

export type AskParts = { store: Store; connect: (serverId: string) => FhirServer };

/** Decides what to write: the Task itself where its status allows it, the abort Task once it has started, or nothing. */
export function prepareAsk({ store, connect }: AskParts): Prepare {
  return async (item) => {
    const { event, reason, input } = item.detail as unknown as Asked;
    const there = await taskThere(item, store, connect(item.serverId));
    const state: unknown = there?.resource['status'];
    if (!there || !isTaskState(state)) return [];
    const takesBack = takingBack.has(event);
    // Cancelled there: by us, when the answer was lost, or by them. Its receipt ends the referral here, too.
    if (takesBack && state === 'cancelled') return [changed(item, there, state, undefined)];
    // They said so themselves, at the gateway: their Task ends as they said.
    const handed = move(state, 'hand-over', 'fulfiller', { successor: event === 'hand-over' });
    if ('to' in handed) return [changed(item, there, handed.to, reason)];
    const step = move(state, event === 'drop' || event === 'hand-over' ? 'cancel' : event, 'placer');
    // Being asked to hand over is asked by a Task of its own, and only while it is under way.
    if (event === 'ask-transfer') return 'to' in step ? item.entries : [];
    if (event !== 'ask-abort' && 'to' in step) return [changed(item, there, step.to, reason, input)];
    const cancelled = move(state, 'cancel', 'placer');
    if (event === 'ask-abort' && 'to' in cancelled) return [changed(item, there, cancelled.to, reason)];
    return takesBack && 'to' in move(state, 'ask-abort', 'placer') ? item.entries : [];
  };
}

/** What was never there, or is cancelled there now, is over. */
export function askEffect({ clock }: { clock: Clock }): Effect {
  return async (tx, item, receipts) => {
    const { tenant, serverId } = item;
    const { event, reason } = item.detail as unknown as Asked;
    const referral = await tx.referrals.lock(tenant, item.referralId!);
    if (!referral) return;
    const at = new Date(clock.now());
    const whom = { server: serverId, candidate: candidateOf(item.detail) };
    const detail = { ...whom, event, sent: receipts.length > 0 };
    await tx.referrals.addEvent(tenant, referral.id, { at, kind: 'asked', actor: 'gateway', detail });
    if (!takingBack.has(event)) return;
    const candidates = await tx.candidates.of(tenant, [referral.id]);
    const candidate = candidates.find(({ n }) => n === candidateOf(item.detail));
    if (!candidate) return;
    const key = taskKey(referral.id, candidate.n);
    const known = await tx.references.find([tenant], serverId, [key]);
    if (receipts.length > 0 || known.length > 0) await noteRelayFound(tx, candidate, at);
    if (!receipts.some((receipt) => receipt.key === key) && known.length > 0) return;
    await setCandidate(tx, candidate, 'cancelled', at, { statusReason: reason });
    const others = inPlay(candidates, referral.candidate).filter(({ n }) => n !== candidate.n);
    const isGivenUp = event === 'cancel' || event === 'ask-abort';
    if (isGivenUp && others.length === 0) await endWithdrawn(tx, { clock }, referral, at);
  };
}

type There = { resource: AnyResource; versionId: string | undefined };

async function taskThere(
  { tenant, serverId, referralId, detail }: ClaimedItem,
  store: Store,
  server: FhirServer,
): Promise<There | undefined> {
  const key = taskKey(referralId!, candidateOf(detail));
  const [row] = await store.references.find([tenant], serverId, [key]);
  if (row) {
    const result = await server.read('Task', row.localId);
    if (result.state === 'found') return result;
    throw new GatewayError({
      category: 'gone',
      side: 'server',
      message: 'La tâche de cette demande a disparu du serveur du destinataire : prévenez-le vous-même.',
    });
  }
  for await (const resource of server.search('Task', { identifier: key }, 2)) {
    await rememberTask(
      store,
      { tenant, serverId, referralId: referralId!, n: candidateOf(detail) },
      resource,
    );
    return { resource, versionId: resource.meta?.versionId };
  }
  return undefined;
}

function changed(
  { referralId, detail }: ClaimedItem,
  { resource, versionId }: There,
  status: TaskState,
  reason: CodeableConcept | undefined,
  input: Json[] = [],
): WriteEntry {
  const { id: _id, meta, ...content } = resource;
  const { versionId: _version, lastUpdated: _at, ...kept } = meta ?? {};
  const before = (content['input'] ?? []) as Json[];
  const body = {
    ...content,
    ...(Object.keys(kept).length ? { meta: kept } : {}),
    status,
    ...(reason ? { statusReason: reason } : {}),
    ...(input.length ? { input: [...before, ...input] } : {}),
  } as AnyResource;
  const key = taskKey(referralId!, candidateOf(detail));
  return { type: 'Task', key, body, ...(versionId ? { ifMatch: versionId } : {}) };
}
