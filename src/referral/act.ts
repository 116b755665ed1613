/** One act of a placer on its own referral: who may, under which version, with its line in the audit trail. */
import { hasErrors } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { Caller, ReferralContext } from './context.ts';
import { notAllowed, notFound, refused, stale } from './refuse.ts';

export type Stored = AnyResource & { id: string };

export type Act = (tx: Repositories, referral: Referral, now: Date) => Promise<Stored>;

/** What is acted on: by which of its parts the referral is found, and the resource whose version counts. */
export type ActedOn = { part: 'order_id' | 'task_id' | 'patient_id'; id: string; type: string };

/**
 * One act of the placer on its own referral, with its line in the audit trail, in one transaction. Throws `forbidden`,
 * `invalid` (the profile), `not-found`, `conflict` (stale version) and what the work throws.
 */
export async function act(
  { store, clock, validate }: ReferralContext,
  caller: Caller,
  { part, id, type }: ActedOn,
  resource: Stored,
  work: Act,
  expected?: number,
  profiles: string[] = [],
): Promise<Stored> {
  const { tenant, client, server, requestId } = caller;
  if (!caller.roles.includes('placer'))
    throw notAllowed('Seul le demandeur agit sur sa demande ; le destinataire agit sur son propre serveur.');
  const issues = validate(resource, profiles);
  if (hasErrors(issues)) throw refused(issues);
  const found = await store.referrals.byResource(tenant, part, id);
  if (!found || (found.placerClient !== client && found.placerServer !== server))
    throw notFound('Aucune demande que vous avez placée ne porte cet identifiant.');
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    const referral = (await tx.referrals.lock(tenant, found.id))!;
    const current = await tx.clinical.get(tenant, type, resource.id);
    if (expected !== undefined && Number(current?.meta.versionId) !== expected) throw stale();
    const stored = await work(tx, referral, now);
    await tx.audit.add({
      ...{ tenant, at: now, actor: client, action: 'referral.act', requestId, outcome: 'done' },
      entity: { referral: referral.id, type: resource.resourceType },
    });
    return stored;
  });
}
