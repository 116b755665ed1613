/** May this leave, to whom, why not: denied unless a consent of this patient permits it (CSP L.1110-4, CORE-13). */
import { keyOf } from '../fhir/key.ts';
import type { Consent } from '../fhir/types.ts';
import { covers, isBefore } from './period.ts';
import type { ConsentDecision, ConsentQuestion } from './types.ts';

type Provision = NonNullable<Consent['provision']>;
type Refusal = Extract<ConsentDecision, { permit: false }>;

/**
 * Permits when at least one active Consent of the patient permits, for the purpose, now, and its actors (if any) cover
 * the recipient. A denial that concerns the recipient, in any active consent, wins over every permission. Otherwise the
 * refusal that came closest is told.
 */
export function decide(question: ConsentQuestion): ConsentDecision {
  const own = question.consents.filter((consent) => consent.patient?.reference === question.patient);
  const active = own.filter((consent) => consent.status === 'active');
  if (active.length === 0) return own.length ? refusals.inactive(question) : refusals.none(question);
  const denials = active.flatMap(({ provision }) => (provision ? denialsIn(provision, question) : []));
  if (denials.some((denial) => hasActor(denial, question))) return refusals.denied(question);
  if (denials.some(hasNameless)) return refusals.nameless(question);

  let closest: { rank: number; refusal: Refusal } | undefined;
  for (const consent of active) {
    const objection = objectionOf(consent, question);
    if (!objection) return { permit: true, consentId: consent.id };
    const rank = order.indexOf(objection);
    if (!closest || rank > closest.rank) closest = { rank, refusal: refusals[objection](question) };
  }
  return closest!.refusal;
}

/** From the farthest to the closest to a permission. */
const order = ['silent', 'expired', 'early', 'purpose', 'recipient'] as const;
type Objection = (typeof order)[number];

function objectionOf(consent: Consent, question: ConsentQuestion): Objection | undefined {
  const { provision } = consent;
  if (provision?.type !== 'permit') return 'silent';
  if (!covers(provision.period, question.now))
    return provision.period?.start && isBefore(question.now, provision.period.start) ? 'early' : 'expired';
  if (!hasPurpose(provision, question)) return 'purpose';
  return hasActor(provision, question) ? undefined : 'recipient';
}

function hasPurpose(provision: Provision, { purpose }: ConsentQuestion): boolean {
  const purposes = provision.purpose ?? [];
  return (
    purposes.length === 0 ||
    purposes.some(({ system, code }) => system === purpose.system && code === purpose.code)
  );
}

/** An actor covers a recipient by its own key or by one the key stands above: a network covers its offers. */
function hasActor(provision: Provision, { recipient }: ConsentQuestion): boolean {
  const actors = provision.actor ?? [];
  if (actors.length === 0) return true;
  return actors.some(({ reference }) => {
    const actor = keyOf(reference?.identifier);
    return actor !== undefined && recipient.keys.some((key) => key === actor || key.startsWith(`${actor}/`));
  });
}

/** Denials in force for the purpose, in the provision or in its exceptions (FHIR R4 Consent.provision). */
function denialsIn(provision: Provision, question: ConsentQuestion): Provision[] {
  const inForce = covers(provision.period, question.now) && hasPurpose(provision, question);
  return [
    ...(provision.type === 'deny' && inForce ? [provision] : []),
    ...(provision.provision ?? []).flatMap((inner) => denialsIn(inner, question)),
  ];
}

/** Somebody is meant whom no identifier tells apart from the recipient. */
function hasNameless({ actor }: Provision): boolean {
  return (actor ?? []).some(({ reference }) => keyOf(reference?.identifier) === undefined);
}

const refusals: Record<
  Objection | 'none' | 'inactive' | 'denied' | 'nameless',
  (question: ConsentQuestion) => Refusal
> = {
  none: ({ recipient }) => ({
    permit: false,
    reason: 'Aucun consentement de ce patient n’accompagne la demande.',
    obtain: `Recueillez le consentement du patient au partage avec ${recipient.name}, puis joignez-le (Consent).`,
  }),
  inactive: ({ recipient }) => ({
    permit: false,
    reason: 'Le consentement du patient n’est pas actif.',
    obtain: `Recueillez un consentement actif du patient au partage avec ${recipient.name}.`,
  }),
  silent: ({ recipient }) => ({
    permit: false,
    reason: 'Le consentement joint n’autorise rien (Consent.provision.type).',
    obtain: `Faites préciser par le patient qu’il autorise le partage avec ${recipient.name}.`,
  }),
  expired: ({ recipient }) => ({
    permit: false,
    reason: 'Le consentement du patient a expiré.',
    obtain: `Faites renouveler par le patient son consentement au partage avec ${recipient.name}.`,
  }),
  early: () => ({
    permit: false,
    reason: 'Le consentement du patient ne court pas encore.',
    obtain: 'Attendez le début de la période consentie ou recueillez un consentement valable dès maintenant.',
  }),
  purpose: () => ({
    permit: false,
    reason: 'Le consentement du patient vise une autre finalité que les soins.',
    obtain: 'Recueillez un consentement au partage pour les soins.',
  }),
  recipient: ({ recipient }) => ({
    permit: false,
    reason: `Le consentement du patient ne couvre pas ce destinataire : ${recipient.name}.`,
    obtain: `Faites étendre par le patient son consentement à ${recipient.name}.`,
  }),
  denied: ({ recipient }) => ({
    permit: false,
    reason: `Le patient s’oppose au partage avec ${recipient.name}.`,
    obtain: 'Respectez ce refus ; seul le patient peut revenir dessus.',
  }),
  nameless: () => ({
    permit: false,
    reason: 'Une opposition du patient vise quelqu’un que rien n’identifie (Consent.provision.actor).',
    obtain: 'Désignez cette personne ou cet établissement par son identifiant national (RPPS, FINESS).',
  }),
};
