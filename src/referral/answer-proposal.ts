/** The placer, or a coordinator in its name, answers what the fulfiller proposed instead (REF-04). */
import type { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { acceptReferral } from './accept.ts';
import type { Stored } from './act.ts';
import { closeReferral } from './close.ts';
import type { Caller, ReferralContext } from './context.ts';
import { partKey } from './names.ts';
import { openProposal } from './proposal.ts';
import { notAllowed, notFound, refusal, refusedMove, stale } from './refuse.ts';
import { replacementOf } from './replacement.ts';

/**
 * `PUT ServiceRequest/<id>` of the proposal: `active` accepts it, which places a new order that replaces the refused one;
 * `revoked` refuses it, which closes the referral. Answers the proposal. Throws `forbidden`, `not-found`, `conflict`, and
 * what accepting a referral throws.
 */
export async function answerProposal(
  context: ReferralContext,
  caller: Caller,
  { id, status }: AnyResource & { id: string },
  expected?: number,
): Promise<Stored> {
  const { store } = context;
  const { tenant, client, server, roles } = caller;
  if (!roles.includes('placer')) throw notAllowed('Le demandeur répond à une proposition, personne d’autre.');
  const current = await store.clinical.get(tenant, 'ServiceRequest', id);
  const [{ reference = '' } = {}] = (current?.['basedOn'] ?? []) as { reference?: string }[];
  const order = reference.replace(/^ServiceRequest\//, '');
  const referral = current && (await store.referrals.byResource(tenant, 'order_id', order));
  if (!referral || (referral.placerClient !== client && referral.placerServer !== server))
    throw notFound('Aucune proposition de cet identifiant ne vous est faite.');
  if (expected !== undefined && Number(current.meta.versionId) !== expected) throw stale();
  if (status === current['status']) return current;
  if (status !== 'active' && status !== 'revoked')
    throw refusal('Une proposition est acceptée (active) ou refusée (revoked).', 'ServiceRequest.status');
  await decideProposal(context, referral, client, status === 'active');
  return (await store.clinical.get(tenant, 'ServiceRequest', id))!;
}

/** Accepts or refuses in the placer's name; `by`: who decided. Throws `not-found` when nothing waits for an answer. */
export async function decideProposal(
  context: ReferralContext,
  referral: Referral,
  by: string,
  accepts: boolean,
): Promise<void> {
  const { store, clock, ids } = context;
  const { tenant, id, placerClient, placerServer } = referral;
  const proposal = await openProposal(store, referral);
  if (!proposal) throw nothingWaits();
  const answered = { by, at: new Date(clock.now()) };
  if (!accepts) return store.transaction((tx) => refuseProposal(tx, referral, proposal.id, answered));
  const candidates = await store.candidates.of(tenant, [id]);
  const [{ value }] = proposal['identifier'] as [{ value: string }];
  const proposer = candidates.find(({ n }) => value.endsWith(`/proposal/${n}`)) ?? candidates[0]!;
  if (placerServer !== null) {
    const rows = await store.references.find([tenant], placerServer, [partKey(id, 'placer-task')]);
    if (rows.length > 0)
      throw refusal(
        'Cette demande a été placée sur le serveur du demandeur : placez-y la nouvelle (ServiceRequest.replaces).',
        'ServiceRequest.replaces',
      );
  }
  const bundle = await replacementOf(context, referral, proposal, proposer);
  const server = placerServer ?? undefined;
  const caller: Caller = { client: placerClient, tenant, server, roles: ['placer'], requestId: ids.uuid() };
  const takeUp = (tx: Repositories): Promise<void> => takeUpProposal(tx, referral, proposal.id, answered);
  await acceptReferral(context, caller, bundle, takeUp);
  await store.transaction(takeUp); // where the order had been placed before, and its answer was not noted
}

type Answered = { by: string; at: Date };

/** Does nothing when it was taken up before. */
async function takeUpProposal(
  tx: Repositories,
  { tenant, id }: Referral,
  proposalId: string,
  { by, at }: Answered,
): Promise<void> {
  await tx.referrals.hold(tenant, id);
  const proposal = await tx.clinical.get(tenant, 'ServiceRequest', proposalId);
  if (proposal?.['status'] === 'active') return;
  if (proposal?.['status'] !== 'draft') throw nothingWaits();
  await tx.clinical.put(tenant, { ...proposal, status: 'active' }, at);
  await tx.referrals.addEvent(tenant, id, { at, kind: 'proposal-accepted', actor: by });
}

async function refuseProposal(
  tx: Repositories,
  { tenant, id }: Referral,
  proposalId: string,
  { by, at }: Answered,
): Promise<void> {
  const referral = (await tx.referrals.lock(tenant, id))!;
  const proposal = await tx.clinical.get(tenant, 'ServiceRequest', proposalId);
  if (proposal?.['status'] !== 'draft') throw nothingWaits();
  await tx.clinical.put(tenant, { ...proposal, status: 'revoked' }, at);
  await tx.referrals.addEvent(tenant, id, { at, kind: 'proposal-refused', actor: by });
  const refused = await closeReferral(tx, referral, by, at);
  if (refused) throw refusedMove(refused, 'ServiceRequest.status');
}

function nothingWaits(): GatewayError {
  return notFound('Aucune proposition n’attend de réponse pour cette demande.');
}
