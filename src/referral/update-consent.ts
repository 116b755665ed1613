/** The patient changed their mind, or agreed to more: the placer says so, and it is asked again before anything leaves. */
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, Patient, Reference } from '../fhir/types.ts';
import { act, type Stored } from './act.ts';
import type { Caller, ReferralContext } from './context.ts';
import { profileUrl } from './names.ts';
import { insMisplaced, leaksIns } from './patient.ts';
import { eachReference, unseenLink } from './references.ts';
import { changedEvent, renewConsents } from './renew-consent.ts';
import { reviewGiven } from './review-given.ts';
import { notFound, refusal } from './refuse.ts';
import { eachUnseen } from './unseen.ts';

/**
 * `PUT Consent/<id>`: any content that the profile takes, about the same patient, its actors named by identifier. What
 * waits is judged by this one; hospitals that were given a copy get this one; what left before cannot be called back, so
 * a person is told what was given to whom. Throws as `act`, and `unprocessable`.
 */
export async function updateConsent(
  context: ReferralContext,
  caller: Caller,
  resource: Stored,
  expected?: number,
): Promise<Stored> {
  const { tenant, client } = caller;
  const current = await context.store.clinical.get(tenant, 'Consent', resource.id);
  const patient = patientOf(current);
  if (!current || patient === undefined) throw notFound('Aucun consentement de cet identifiant.');
  if (patientOf(resource) !== patient)
    throw refusal('Un consentement ne change pas de patient.', 'Consent.patient');
  refuseForeign(resource, current);
  const on = { part: 'patient_id', id: patient, type: 'Consent' } as const;
  const profiles = [profileUrl(context.rules.referral.profiles.consent)];
  return act(
    context,
    caller,
    on,
    resource,
    async (tx, referral, now) => {
      const whose = (await tx.clinical.get(tenant, 'Patient', patient)) as unknown as Patient;
      if (leaksIns(resource, whose, context.rules.identity, now)) throw refusal(insMisplaced, 'Consent');
      const stored = await tx.clinical.put(tenant, resource, now);
      const detail = { status: String(resource['status']) };
      const event = { at: now, kind: changedEvent, actor: client, detail };
      await tx.referrals.addEvent(tenant, referral.id, event);
      await renewConsents(tx, referral, context.clock, client);
      await reviewGiven(tx, context, referral);
      return stored;
    },
    expected,
    profiles,
  );
}

function patientOf(consent: AnyResource | undefined): string | undefined {
  const reference = (consent?.['patient'] as Reference | undefined)?.reference ?? '';
  const local = parseLocalReference(reference);
  return local?.type === 'Patient' ? local.id : undefined;
}

/** References and links that stood there before are the gateway's own; others must be followed without the sender's server. */
function refuseForeign(resource: AnyResource, current: AnyResource): void {
  const known = new Set<string>();
  eachReference(current, '', ({ reference }) => void known.add(reference!));
  eachReference(resource, 'Consent', ({ reference, identifier }, path) => {
    if (!known.has(reference!) && !identifier)
      throw refusal('Référence propre au serveur émetteur : donnez un identifiant.', path, 'value');
  });
  eachUnseen(current, '', (url) => void known.add(url));
  eachUnseen(resource, 'Consent', (url, path) => {
    if (!known.has(url)) throw refusal(unseenLink, path, 'value');
  });
}
