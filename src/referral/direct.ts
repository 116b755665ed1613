/** A person decides who receives a referral: chooses when nobody has it, or turns to another performer before the start. */
import { decide } from '../consent/decide.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import type { WriteEntry } from '../delivery/types.ts';
import { type BusinessKey, keyOf, splitKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { CodeableConcept, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { addCandidate, type CandidateParts, tellApart } from './candidate.ts';
import { isLive } from './candidate-state.ts';
import { type Destination, destinationAt, type Where } from './destination.ts';
import { letGo } from './let-go.ts';
import { move, type TaskRole, type TaskState } from './machine.ts';
import { keysOfParty } from './party-keys.ts';
import type { Pathway } from './pathway.ts';
import { refusal, refusedMove } from './refuse.ts';
import { revokePlan } from './revoke-plan.ts';
import { routingTask } from './routing/routing-task.ts';
import { abortTask } from './withdraw.ts';

export type DirectParts = CandidateParts & { pathway: Pathway; servers: Where['servers'] };

export type Direction = {
  /** Key of an offer, or its value in the networks' system (`reseau/offer/offre`). */
  to: string;
  /** Who decides: a person's name, or a client. */
  by: string;
  /** `transfer` takes it from whoever has it; `assign` gives it to the first. */
  kind: 'assign' | 'transfer';
  role: TaskRole;
  reason?: string;
};

/**
 * Gives the referral to a performer. Throws `unprocessable` when the offer is unknown, when somebody has it (assign) or
 * has started (transfer), `forbidden` when the patient's consents do not cover the performer. Hold the referral's lock.
 */
export async function direct(
  tx: Repositories,
  parts: DirectParts,
  referral: Referral,
  direction: Direction,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  const { kind, by, reason, role } = direction;
  const candidates = await tx.candidates.of(tenant, [id]);
  const current = candidates.find(({ n }) => n === referral.candidate);
  if (referral.closedAt || 'to' in move(referral.state as TaskState, 'close', 'placer'))
    throw refusal(
      'Cette demande est terminée : placez-en une nouvelle (ServiceRequest.replaces).',
      'Task.status',
    );
  if (kind === 'assign' && candidates.some(isLive))
    throw refusal(
      'Quelqu’un a déjà reçu cette demande : « referral transfer » la confie à un autre.',
      'Task.owner',
    );
  if (kind === 'transfer' && !current)
    throw refusal(
      'Personne n’a encore cette demande : « referral assign » la confie à quelqu’un.',
      'Task.owner',
    );
  const step = kind === 'transfer' && move(referral.state as TaskState, 'transfer', role);
  if (step && 'refused' in step) throw refusedMove(step, 'Task.status');

  const destination = await wanted(tx, parts, referral, direction.to);
  if (current && keyOf(current.performer.identifier) === destination.keys[0])
    throw refusal('C’est déjà ce destinataire qui a la demande.', 'Task.owner');
  const recipient = await allowed(tx, parts, referral, destination);

  const now = new Date(parts.clock.now());
  if (current) {
    const text = reason ?? `Transmis à ${destination.name}.`;
    await revokePlan(tx, referral, parts.clock);
    await tx.referrals.setCarePlan(tenant, id, null);
    if (current.taskId === null) await tellApart(tx, parts, referral, current);
    const [told] = (await tx.candidates.of(tenant, [id])).filter(({ n }) => n === current.n);
    const task = abortTask(referral, parts, { text }, now);
    await letGo(tx, parts.clock, referral, told!, { event: 'drop', reason: { text }, task });
  }
  const detail = {
    ...{ by, to: destination.name, ...(current ? { from: current.name } : {}) },
    ...(reason ? { reason } : {}),
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

/** The offer of that key, under the pathway that the order names or its network's own. */
async function wanted(
  tx: Repositories,
  { servers }: DirectParts,
  { tenant, orderId }: Referral,
  to: string,
): Promise<Destination> {
  const key: BusinessKey = to.includes('|') ? to : `${networkSystem}|${to}`;
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  const [canonical] = (order?.['instantiatesCanonical'] ?? []) as string[];
  const named = canonical ? await tx.protocols.byCanonical(tenant, canonical) : undefined;
  const isItsOwn = named && splitKey(key).value.split('/')[0] === named.networkId;
  const where = { tenant, servers, protocols: tx.protocols };
  return destinationAt(key, {}, isItsOwn ? named : undefined, where, 'ServiceRequest.performer');
}

/** Whoever works in the requester's establishment is of its care team; others need a consent that covers them. */
async function allowed(
  tx: Repositories,
  { pathway, rules, clock }: DirectParts,
  referral: Referral,
  { name, keys }: Destination,
): Promise<ConsentRecipient> {
  const order = await tx.clinical.get(referral.tenant, 'ServiceRequest', referral.orderId);
  const requester = order?.['requester'] as Reference | undefined;
  const { named, behind } = await keysOfParty(tx, referral.tenant, requester);
  const recipient = { name, keys, careTeam: keys.some((key) => [...named, ...behind].includes(key)) };
  const content = ((await tx.candidates.content(referral.tenant, referral.id)) ??
    []) as unknown as WriteEntry[];
  const letters = content.filter(({ type }) => type === 'DocumentReference');
  const { consents, patient } = await pathway.consents(tx, referral);
  const decision = decide({
    ...{ consents, patient, recipient, rules: rules.consent, now: new Date(clock.now()) },
    content: letters.flatMap(({ body }) => (body['type'] as CodeableConcept | undefined)?.coding ?? []),
  });
  if (!decision.permit) throw refusal(`${decision.reason} ${decision.obtain}`, 'Consent', 'forbidden');
  return recipient;
}
