/** A person decides who receives a referral: chooses when nobody has it, or turns to another performer. */
import { decide } from '../consent/decide.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import type { WriteEntry } from '../delivery/types.ts';
import { type BusinessKey, keyOf, splitKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { CodeableConcept, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { askTransfer, isUnderWay } from './ask-transfer.ts';
import type { CandidateParts } from './candidate.ts';
import { isLive } from './candidate-state.ts';
import { type Destination, destinationAt, type Where } from './destination.ts';
import { abortOf } from './end-withdrawn.ts';
import { handOver } from './hand-over.ts';
import { move, type TaskEvent, type TaskRole, type TaskState } from './machine.ts';
import { keysOfParty } from './party-keys.ts';
import type { Pathway } from './pathway.ts';
import { refusal, refusedMove } from './refuse.ts';

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
 * Gives the referral to a performer; once it has started and the placer's side wants it elsewhere, asks whoever has it first
 * (ask-transfer.ts). Throws `unprocessable` when the offer is unknown or when somebody has it (assign), `forbidden` when the
 * patient's consents do not cover the performer. Hold the referral's lock.
 */
export async function direct(
  tx: Repositories,
  parts: DirectParts,
  referral: Referral,
  direction: Direction,
): Promise<void> {
  const { tenant, id } = referral;
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
  if (await abortOf(tx, referral))
    throw refusal(
      'Cette demande est en train d’être reprise : elle ne se confie plus à personne.',
      'Task.status',
    );
  const event = kind === 'transfer' ? transferring(referral, role) : undefined;
  const step = event && move(referral.state as TaskState, event, role, { successor: true });
  if (step && 'refused' in step) throw refusedMove(step, 'Task.status');

  const { destination, recipient } = await allowedAt(tx, parts, referral, direction.to);
  if (current && keyOf(current.performer.identifier) === destination.keys[0])
    throw refusal('C’est déjà ce destinataire qui a la demande.', 'Task.owner');
  const why = reason ? { reason } : {};
  if (event === 'ask-transfer' && current)
    return askTransfer(tx, parts, referral, current, {
      to: direction.to,
      name: destination.name,
      by,
      ...why,
    });
  const ending = event === 'hand-over' ? 'hand-over' : 'drop';
  await handOver(tx, parts, referral, { destination, recipient, by, kind, ending, ...why });
}

/** Before the start it is simply passed on; afterwards whoever has it says so, or is asked (REF-03). */
function transferring({ state }: Referral, role: TaskRole): TaskEvent {
  if (!isUnderWay(state)) return 'transfer';
  return role === 'fulfiller' ? 'hand-over' : 'ask-transfer';
}

/** Where it would go, and that the patient's consents cover it. Throws as `direct` does. */
export async function allowedAt(
  tx: Repositories,
  parts: DirectParts,
  referral: Referral,
  to: string,
): Promise<{ destination: Destination; recipient: ConsentRecipient }> {
  const destination = await wanted(tx, parts, referral, to);
  return { destination, recipient: await allowed(tx, parts, referral, destination) };
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
