/** Accepting a referral: checked, permitted, stored with its ledger and its relay in one transaction, then answered. */
import { createHash } from 'node:crypto';
import { withIdentifiedActors } from '../consent/actors.ts';
import { decide } from '../consent/decide.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import type { NewItem } from '../delivery/types.ts';
import { hasErrors } from '../fhir/issue.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource, CodeableConcept, Consent, Json, Reference } from '../fhir/types.ts';
import type { Intake } from '../store/intake.ts';
import type { Repositories } from '../store/store.ts';
import { transactionResponse } from './answer.ts';
import { contentIssues, recognise } from './check.ts';
import { referralHash } from './content-hash.ts';
import type { Caller, ReferralContext } from './context.ts';
import { type Destination, destinationOf } from './destination.ts';
import { partKey } from './names.ts';
import { type Parts, partsOf, thePart, valuesOf } from './parts.ts';
import { keysBehind, keysNamed } from './references.ts';
import { duplicate, notAllowed, refusal, refused } from './refuse.ts';
import { relayEntries } from './relay.ts';
import { homeServer } from './route.ts';
import { binaryContent, storedParts, type StoredPart } from './stored.ts';

/** Kind of the outbox item that carries a referral to its fulfiller. */
export const relayKind = 'relay-referral';

export type Accepted = { status: number; response: AnyResource };

/**
 * Handles a referral transaction. Answers once it is committed; the same order posted again gets the stored answer
 * and has no further effect. Throws a GatewayError: `invalid`, `unprocessable` (with issues), `forbidden`,
 * `duplicate` (same order identifier, other content).
 */
export async function acceptReferral(
  context: ReferralContext,
  caller: Caller,
  bundle: AnyResource,
): Promise<Accepted> {
  const { store, rules, servers } = context;
  const { tenant, client } = caller;
  if (!caller.roles.includes('placer'))
    throw notAllowed('Ce client n’est pas autorisé à adresser des patients.');

  const { parts, orderKey } = recognise(bundle, rules.referral);
  const hash = referralHash(parts);
  const earlier = await store.intake.find(tenant, client, orderKey);
  if (earlier) return answered(earlier, hash);

  const issues = contentIssues(parts, rules, context.validate);
  if (hasErrors(issues)) throw refused(issues);
  const destination = await destinationOf(thePart(parts, 'ServiceRequest'), tenant, servers, store.protocols);
  const placerServer = homeOfRequester(parts, caller, servers);
  const now = new Date(context.clock.now());
  const recipient = recipientOf(destination, parts);
  await askConsent(context, parts, recipient, now);

  const stored = storedParts(parts, context.ids, rules.identity);
  const response = transactionResponse(stored, now);
  const intake = { hash, status: 200, response: response as unknown as Json };
  return store.transaction(async (tx) => {
    if (!(await tx.intake.claim(tenant, client, orderKey, intake, now)))
      return answered((await tx.intake.find(tenant, client, orderKey))!, hash);
    await record(tx, context, caller, {
      parts,
      stored,
      destination,
      recipient,
      placerServer,
      orderKey,
      hash,
      now,
    });
    return { status: intake.status, response };
  });
}

/** The outcome goes back to the requester: without a server for it the referral could be accepted, but never end. */
function homeOfRequester(parts: Parts, { server }: Caller, servers: ReferralContext['servers']): string {
  const requester = thePart(parts, 'ServiceRequest').resource['requester'] as Reference | undefined;
  const home = server ?? homeServer(servers, keysBehind(requester, parts))?.id;
  if (home !== undefined) return home;
  throw refusal(
    'Aucun serveur configuré ne tient les dossiers du demandeur : son compte rendu ne pourrait pas lui revenir. ' +
      'Demandez à l’exploitant de la passerelle de rattacher ce client à son serveur.',
    'Bundle.entry.resource.ofType(ServiceRequest).requester',
  );
}

function answered(earlier: Intake, hash: string): Accepted {
  if (earlier.hash !== hash)
    throw duplicate('Cet identifiant de demande a déjà servi pour un autre contenu : donnez-en un nouveau.');
  return { status: earlier.status, response: earlier.response as unknown as AnyResource };
}

async function askConsent(
  { rules }: ReferralContext,
  parts: Parts,
  recipient: ConsentRecipient,
  now: Date,
): Promise<void> {
  const consents = partsOf(parts, 'Consent').map(({ resource }) =>
    withIdentifiedActors(resource as unknown as Consent, (actor, type) =>
      type === 'deny' ? keysBehind(actor, parts) : keysNamed(actor, parts),
    ),
  );
  const letters = partsOf(parts, 'DocumentReference').flatMap(({ resource }) => valuesOf(resource, 'type'));
  const decision = decide({
    consents: await Promise.all(consents),
    patient: thePart(parts, 'Patient').fullUrl,
    content: (letters as CodeableConcept[]).flatMap(({ coding }) => coding ?? []),
    ...{ recipient, rules: rules.consent, now },
  });
  if (!decision.permit)
    throw refusal(
      `${decision.reason} ${decision.obtain}`,
      'Bundle.entry.resource.ofType(Consent)',
      'forbidden',
    );
}

/** Whoever works in the requester's establishment is of its care team. */
function recipientOf({ keys, name }: Destination, parts: Parts): ConsentRecipient {
  const requester = thePart(parts, 'ServiceRequest').resource['requester'] as Reference | undefined;
  const own = keysBehind(requester, parts);
  return { name, keys, careTeam: keys.some((key) => own.includes(key)) };
}

type Acceptance = {
  parts: Parts;
  stored: readonly StoredPart[];
  destination: Destination;
  recipient: ConsentRecipient;
  placerServer: string;
  orderKey: string;
  hash: string;
  now: Date;
};

async function record(
  tx: Repositories,
  { ids, rules, clock }: ReferralContext,
  { tenant, client, requestId }: Caller,
  { parts, stored, destination, recipient, placerServer, orderKey, hash, now }: Acceptance,
): Promise<void> {
  const id = ids.uuid();
  const idOf = (type: string): string => stored.find(({ resource }) => resource.resourceType === type)!.id;
  await tx.referrals.insert({
    ...{ tenant, id, networkId: destination.protocol.networkId, state: 'requested', orderKey },
    ...{ contentHash: hash, placerClient: client, fulfillerServer: destination.server.id },
    placerServer,
    ...{ patientId: idOf('Patient'), orderId: idOf('ServiceRequest'), taskId: idOf('Task') },
    ...{ carePlanId: null, acceptedAt: now, closedAt: null },
  });
  for (const { resource } of stored) {
    if (resource.resourceType === 'Binary') await keepBytes(tx, tenant, id, resource, now);
    else await tx.clinical.put(tenant, resource, now);
  }
  const item: NewItem = {
    ...{ tenant, lane: 'clinical', serverId: destination.server.id, subject: id, referralId: id },
    kind: relayKind,
    detail: { recipient } as unknown as Json,
    entries: relayEntries({
      ...{ referralId: id, parts, rules, now },
      documentIds: new Map(stored.map((one) => [one.part.fullUrl, one.id])),
    }),
  };
  await enqueue(tx, [item], clock);
  const event = { at: now, actor: client };
  const { priority = null } = thePart(parts, 'ServiceRequest').resource as { priority?: string };
  await tx.referrals.addEvent(tenant, id, {
    ...{ ...event, kind: 'accepted', detail: { order: orderKey, priority, ...versions(destination) } },
  });
  const queued = { kind: relayKind, server: item.serverId };
  await tx.referrals.addEvent(tenant, id, { ...event, kind: 'queued', detail: queued });
  await tx.audit.add({
    ...{ tenant, at: now, actor: client, action: 'referral.accept', requestId },
    ...{ outcome: 'done', entity: { referral: id, patient: idOf('Patient') } },
  });
}

/** What it was judged by: the protocol as it was published then, its version named by its content as at `/fhir`. */
function versions({ protocol: { plan, networkId } }: Destination): { [name: string]: Json } {
  const { url } = plan as { url?: string };
  return { network: networkId, protocol: url ?? null, version: contentHash(plan).slice(0, 16) };
}

async function keepBytes(
  tx: Repositories,
  tenant: string,
  referralId: string,
  resource: AnyResource & { id: string },
  now: Date,
): Promise<void> {
  const { contentType, bytes } = binaryContent(resource)!;
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  const key = partKey(referralId, `content/${resource.id}`);
  await tx.documents.insert(
    {
      ...{ tenant, id: resource.id, referralId, key, status: 'letter', contentType, size: bytes.length },
      ...{ sha1: digest('sha1'), sha256: digest('sha256'), detail: null, createdAt: now },
    },
    bytes,
  );
}
