/** Whoever has a referral hands it to another performer: the owner of the Task changes, nothing else of it. */
import { hasErrors } from '../fhir/issue.ts';
import { keyOf } from '../fhir/key.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { AnyResource, CodeableConcept, Reference } from '../fhir/types.ts';
import type { Stored } from './act.ts';
import type { Caller, ReferralContext } from './context.ts';
import { direct } from './direct.ts';
import type { Pathway } from './pathway.ts';
import { notAllowed, notFound, refusal, refused, stale } from './refuse.ts';

/**
 * `PUT Task/<id>` of the coordination Task by its fulfiller, with another `owner` (and why, in `statusReason`). Answers the
 * Task as it is then. Throws `not-found`, `forbidden`, `conflict`, and what giving a referral to somebody throws.
 */
export async function transferTask(
  context: ReferralContext & { pathway: Pathway },
  { tenant, client, server, requestId }: Caller,
  resource: Stored,
  expected?: number,
): Promise<Stored> {
  const { store, clock, validate } = context;
  const found = await store.referrals.byResource(tenant, 'task_id', resource.id);
  if (!found || server === undefined || found.fulfillerServer !== server)
    throw notFound('Aucune demande que vous avez en charge ne porte cet identifiant.');
  const issues = validate(resource, []);
  if (hasErrors(issues)) throw refused(issues);
  const to = keyOf((resource['owner'] as Reference | undefined)?.identifier);
  if (to === undefined)
    throw refusal('Le nouveau destinataire est désigné par son identifiant.', 'Task.owner', 'value');
  return store.transaction(async (tx) => {
    const referral = (await tx.referrals.lock(tenant, found.id))!;
    const current = (await tx.clinical.get(tenant, 'Task', referral.taskId))!;
    if (expected !== undefined && Number(current.meta.versionId) !== expected) throw stale();
    if (rest(current) !== rest(resource))
      throw notAllowed(
        'Le destinataire agit sur son propre serveur ; ici il ne change que le destinataire (owner), avec son motif.',
      );
    const reason = (resource['statusReason'] as CodeableConcept | undefined)?.text;
    const direction = {
      to,
      by: client,
      kind: 'transfer',
      role: 'fulfiller',
      ...(reason ? { reason } : {}),
    } as const;
    await direct(tx, context, referral, direction);
    await tx.audit.add({
      ...{ tenant, at: new Date(clock.now()), actor: client, action: 'referral.transfer', requestId },
      ...{ outcome: 'done', entity: { referral: referral.id } },
    });
    return (await tx.clinical.get(tenant, 'Task', referral.taskId))!;
  });
}

function rest(task: AnyResource): string {
  const { owner: _owner, statusReason: _reason, ...others } = normalForm(task);
  return contentHash(others);
}
