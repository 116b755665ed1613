/** Naming who performs a step, e.g. the town GP of a reorientation: the only change an order of a plan takes from outside. */
import { hasCoding } from '../fhir/coding.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { hasErrors } from '../fhir/issue.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, CodeableConcept, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { Caller, ReferralContext } from './context.ts';
import { joinCircle } from './circle/ask-circle.ts';
import { namedEvent, tellClosedPeople } from './closed-people.ts';
import { locateStep, referenceKey } from './locate-step.ts';
import { profileUrl } from './names.ts';
import { valuesOf } from './parts.ts';
import { planItem } from './plan-items.ts';
import { planStateOf } from './plan-state.ts';
import { isDone, laterSteps } from './progress.ts';
import { notAllowed, notFound, refusal, refused } from './refuse.ts';
import { homeServer } from './route.ts';

/** What went out already for the steps before, sent to whom these keys name as well; documents are another room's. */
export type ToNewlyNamed = (
  tx: Repositories,
  referral: Referral,
  named: readonly BusinessKey[],
  client: string,
) => Promise<void>;

/**
 * `PUT ServiceRequest/<id>` by the fulfiller; `expected` is the version of If-Match. Answers the stored order. Throws
 * `forbidden`, `not-found`, `conflict` (stale version), `unprocessable` (anything but the performer changed, no
 * configured server keeps the performer's records, or the patient's consents do not cover what they are to be sent).
 */
export async function assignPerformer(
  context: ReferralContext & { toNewlyNamed?: ToNewlyNamed },
  caller: Caller,
  resource: AnyResource & { id: string },
  expected?: number,
): Promise<AnyResource & { id: string }> {
  const { store, rules, validate, servers, clock, mailboxOf } = context;
  const { tenant, client, requestId } = caller;
  if (!caller.roles.includes('fulfiller'))
    throw notAllowed('Ce client n’est pas autorisé à modifier les étapes d’un parcours.');
  const located = await locateStep(store, caller, { reference: `ServiceRequest/${resource.id}` });
  if (!located) throw notFound('Cette demande n’est pas une étape d’un parcours que vous prenez en charge.');
  const issues = validate(resource, [profileUrl(rules.referral.profiles.activityOrder)]);
  if (hasErrors(issues)) throw refused(issues);
  const performers = valuesOf(resource, 'performer') as Reference[];
  for (const performer of performers) {
    const key = referenceKey(performer);
    if (!key)
      throw refusal(
        'L’exécutant est désigné par son identifiant national.',
        'ServiceRequest.performer',
        'value',
      );
    if (!homeServer(servers, [key]) && mailboxOf([key]) === undefined)
      throw refusal(
        'Aucun serveur configuré ne tient les dossiers de cet exécutant, et aucune boîte MSSanté n’est connue pour lui.',
        'ServiceRequest.performer',
      );
  }

  const standing = await context.closedOf(performers.map((one) => referenceKey(one)!));
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    const referral = (await tx.referrals.lock(tenant, located.referral.id))!;
    const current = (await tx.clinical.get(tenant, 'ServiceRequest', resource.id))!;
    if (!['draft', 'active'].includes(String(current['status'])))
      throw refusal('Cette étape est close : elle ne change plus.', 'ServiceRequest.status');
    if (withoutPerformer(current) !== withoutPerformer(resource))
      throw refusal('Seul l’exécutant (performer) d’une étape peut être modifié.', 'ServiceRequest');
    const named = performers.map(({ reference: _local, ...logical }) => logical);
    const stored = await tx.clinical.put(tenant, { ...current, performer: named }, now, expected);
    await enqueue(tx, [planItem(referral, [stored])], clock);
    const before = (valuesOf(current, 'performer') as Reference[]).map(referenceKey);
    const newly = named.map(referenceKey).filter((key) => key !== undefined && !before.includes(key));
    await context.toNewlyNamed?.(tx, referral, newly as BusinessKey[], client);
    if (await isHandedOn(tx, referral, stored, located.stepId, context)) {
      const people = named.filter((one) => newly.includes(referenceKey(one)));
      await enqueue(tx, await joinCircle(tx, referral, people, { rules, now }), clock);
    }
    const detail = { step: located.stepId, performers: [...standing.keys()] };
    await tx.referrals.addEvent(tenant, referral.id, { at: now, kind: namedEvent, actor: client, detail });
    await tellClosedPeople(tx, context, referral, standing);
    await tx.audit.add({
      ...{ tenant, at: now, actor: client, action: 'order.update', requestId, outcome: 'done' },
      entity: { referral: referral.id, order: stored.id },
    });
    return stored;
  });
}

/** True once the document that hands the patient on to this step went out: whom it named joined the circle with it. */
async function isHandedOn(
  tx: Repositories,
  referral: Referral,
  { code }: AnyResource,
  stepId: string,
  { rules }: ReferralContext,
): Promise<boolean> {
  if (!hasCoding(code as CodeableConcept, rules.referral.reorientation.activity)) return false;
  const state = await planStateOf(tx, referral);
  const written = state?.steps.filter(({ id, kind }) => kind === 'document' && isDone(state, id)) ?? [];
  return written.some(({ id }) => laterSteps(state!, id).some((later) => later.id === stepId));
}

function withoutPerformer(order: AnyResource): string {
  const { performer: _performer, ...rest } = normalForm(order) as AnyResource & { performer?: unknown };
  return contentHash(rest);
}
