/** Asking somebody to fulfil a referral: a candidate with an order and a Task of its own, relayed to its server (REF-02). */
import type { Clock, Ids } from '../clock.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import { GatewayError } from '../fhir/error.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { delaysOf } from './delays.ts';
import type { Destination } from './destination.ts';
import { contentNow } from './kept-content.ts';
import { writtenMeta } from './meta.ts';
import { candidatePart, partKey } from './names.ts';
import { entriesFor } from './relay.ts';
import type { ExchangeRules } from './rules.ts';
import { versionsOf } from './versions.ts';

/** Kind of the outbox item that carries a referral to a candidate. */
export const relayKind = 'relay-referral';

export type CandidateParts = { clock: Clock; ids: Ids; rules: ExchangeRules };

export type NewCandidate = {
  destination: Destination;
  recipient: ConsentRecipient;
  /** The only one, as the placer's own Task names it: nothing of it is changed. */
  asPlaced?: boolean;
  /** One of several: told to the placer by a Task of its own. */
  apart?: boolean;
  /** Of a referral that is being accepted: its number, and what was just kept to be given to all. */
  fresh?: { n: number; content: readonly WriteEntry[] };
};

/** Adds the next candidate and queues its relay. Hold the referral's lock. */
export async function addCandidate(
  tx: Repositories,
  parts: CandidateParts,
  referral: Referral,
  { destination, recipient, asPlaced, apart, fresh }: NewCandidate,
): Promise<Candidate> {
  const { tenant, id } = referral;
  const { performer, name, server, protocol } = destination;
  const content = fresh?.content ?? (await contentNow(tx, referral));
  if (!content) throw tooOld();
  const n = fresh?.n ?? (await tx.candidates.of(tenant, [id])).length + 1;
  const now = new Date(parts.clock.now());
  const candidate: Candidate = {
    ...{ tenant, referralId: id, n, performer, name, networkId: protocol.networkId, serverId: server.id },
    ...{ protocol: typeof protocol.plan['url'] === 'string' ? protocol.plan['url'] : null },
    ...{ state: 'requested', taskId: null, addedAt: now },
  };
  await tx.candidates.add(candidate);
  const item: NewItem = {
    ...{ tenant, lane: 'clinical', serverId: server.id, subject: id, referralId: id, kind: relayKind },
    detail: { recipient, candidate: n } as unknown as Json,
    entries: entriesFor(content, {
      ...{ referralId: id, n, performer, protocol: candidate.protocol },
      ...(asPlaced ? {} : { owner: performer }),
    }),
  };
  await enqueue(tx, [item], parts.clock);
  if (apart) await tellApart(tx, parts, referral, candidate);
  const delays = delaysOf(protocol.plan, parts.rules.clocks.protocol) as unknown as Json[];
  const detail = {
    kind: relayKind,
    server: server.id,
    candidate: n,
    name,
    ...(delays.length ? { delays } : {}),
    // the acceptance tells them of the first
    ...(fresh?.n === 1 ? {} : versionsOf(destination, parts.rules)),
  };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: 'queued', actor: 'gateway', detail });
  return candidate;
}

/** The Task by which the placer sees one of several candidates; part of its own Task, which tells of them all. */
export async function tellApart(
  tx: Repositories,
  { ids, clock, rules }: CandidateParts,
  { tenant, id, taskId }: Referral,
  { n, performer, state }: Pick<Candidate, 'n' | 'performer' | 'state'>,
): Promise<void> {
  const main = (await tx.clinical.get(tenant, 'Task', taskId))!;
  const { focus, for: patient, authoredOn, requester, code } = main;
  const now = new Date(clock.now());
  const key = partKey(id, `candidate/${n}`);
  const task: AnyResource & { id: string } = {
    resourceType: 'Task',
    id: ids.uuid(),
    meta: writtenMeta(rules.referral.profiles.task),
    identifier: [{ type: { coding: [rules.referral.identifierTypes.filler] }, ...splitKey(key) }],
    partOf: [
      {
        reference: `Task/${taskId}`,
        type: 'Task',
        identifier: splitKey(partKey(id, candidatePart('task', n))),
      },
    ],
    ...{ status: state, intent: 'order', code, focus, for: patient, authoredOn },
    lastModified: now.toISOString(),
    ...{ requester, owner: performer },
  };
  await tx.clinical.put(tenant, task, now);
  await tx.candidates.setTask(tenant, id, n, task.id);
}

function tooOld(): GatewayError {
  return new GatewayError({
    category: 'unprocessable',
    side: 'gateway',
    message:
      'Cette demande date d’avant l’orientation par la passerelle : placez-en une nouvelle (replaces).',
  });
}
