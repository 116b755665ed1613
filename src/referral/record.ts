/** What accepting a referral writes, in one transaction: its parts, its ledger, whom it goes to and its relay. */
import { createHash } from 'node:crypto';
import type { ConsentRecipient } from '../consent/types.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { addCandidate } from './candidate.ts';
import { type Standing, tellClosedPeople } from './closed-people.ts';
import type { Caller, ReferralContext } from './context.ts';
import type { Destination } from './destination.ts';
import { keepContent } from './kept-content.ts';
import { partKey } from './names.ts';
import { type Parts, thePart, valuesOf } from './parts.ts';
import { relayEntries } from './relay.ts';
import { closeReplaced } from './replaced.ts';
import type { RoutingTold } from './routing/route-order.ts';
import { routingTask } from './routing/routing-task.ts';
import { routingWhy } from './routing/told.ts';
import { binaryContent, type StoredPart } from './stored.ts';
import { versionsOf } from './versions.ts';

export type Acceptance = {
  parts: Parts;
  stored: readonly StoredPart[];
  /** Empty: a person has to choose. */
  destinations: readonly { destination: Destination; recipient: ConsentRecipient }[];
  /** Present when the order names no performer. */
  routing?: RoutingTold;
  /** Of whom the patient declared as médecin traitant. */
  standing: Standing;
  networkId: string;
  placerServer: string;
  orderKey: string;
  hash: string;
  now: Date;
};

/** Records an acceptance; the caller has claimed its intake. */
export async function recordReferral(
  tx: Repositories,
  context: ReferralContext,
  { tenant, client, requestId }: Caller,
  acceptance: Acceptance,
): Promise<void> {
  const { ids, rules } = context;
  const { parts, stored, destinations, routing, networkId, placerServer, orderKey, hash, now } = acceptance;
  const { standing } = acceptance;
  const idOf = (type: string): string => stored.find(({ resource }) => resource.resourceType === type)!.id;
  const only = destinations.length === 1 ? destinations[0] : undefined;
  const referral: Referral = {
    ...{
      tenant,
      id: ids.uuid(),
      networkId,
      state: 'requested',
      orderKey,
      contentHash: hash,
      placerClient: client,
    },
    ...{ candidate: only ? 1 : null, fulfillerServer: only?.destination.server.id ?? null, placerServer },
    ...{ patientId: idOf('Patient'), orderId: idOf('ServiceRequest'), taskId: idOf('Task') },
    ...{ carePlanId: null, acceptedAt: now, closedAt: null },
  };
  const { id } = referral;
  await tx.referrals.insert(referral);
  const [binaries, resources] = [true, false].map((bytes) =>
    stored.flatMap(({ resource }) => ((resource.resourceType === 'Binary') === bytes ? [resource] : [])),
  );
  for (const binary of binaries!) await keepBytes(tx, tenant, id, binary, now);
  await tx.clinical.create(tenant, resources!, now);
  const documentIds = new Map(stored.map((one) => [one.part.fullUrl, one.id]));
  const entries = relayEntries({ referralId: id, parts, documentIds, rules, now });
  await keepContent(tx, referral, entries, stored);
  const event = { at: now, actor: client };
  const { priority = null } = thePart(parts, 'ServiceRequest').resource as { priority?: string };
  const judgedBy = destinations.length ? versionsOf(destinations[0]!.destination, rules) : {};
  const declared = [...standing.keys()];
  // one who is declared by name alone is somebody all the same
  const isTold =
    declared.length > 0 || valuesOf(thePart(parts, 'Patient').resource, 'generalPractitioner').length === 0;
  await tx.referrals.addEvent(tenant, id, {
    ...{
      ...event,
      kind: 'accepted',
      detail: { order: orderKey, priority, ...judgedBy, ...(isTold ? { declared } : {}) },
    },
  });
  await closeReplaced(tx, { tenant, client }, thePart(parts, 'ServiceRequest').resource, id, now);
  if (routing) await tellRouting(tx, context, referral, only?.destination, routing, now);
  for (const [index, one] of destinations.entries())
    await addCandidate(tx, context, referral, {
      ...one,
      fresh: { n: index + 1, content: entries },
      asPlaced: only !== undefined && !routing,
      apart: only === undefined,
    });
  if (declared.length) await tellClosedPeople(tx, context, referral, standing);
  await tx.audit.add({
    ...{ tenant, at: now, actor: client, action: 'referral.accept', requestId },
    ...{ outcome: 'done', entity: { referral: id, patient: idOf('Patient') } },
  });
}

/** Who was chosen and why, on our Task and in the ledger; or a work item for a person. */
async function tellRouting(
  tx: Repositories,
  context: ReferralContext,
  referral: Referral,
  destination: Destination | undefined,
  told: RoutingTold,
  at: Date,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  if (destination) {
    const own = (await tx.clinical.get(tenant, 'Task', taskId))!;
    await tx.clinical.put(tenant, { ...own, owner: destination.performer }, at);
  } else await routingTask(tx, context, referral, { status: 'requested', why: routingWhy(told) });
  const detail = { ...told, said: routingWhy(told), ...(destination ? { to: destination.name } : {}) };
  const kind = destination ? 'routed' : 'unrouted';
  await tx.referrals.addEvent(tenant, id, { at, kind, actor: 'gateway', detail });
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
