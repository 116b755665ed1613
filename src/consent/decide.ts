/** May this leave, to whom, why not: denied unless a consent of this patient permits it (CSP L.1110-4, CORE-13). */
import { shareCoding } from '../fhir/coding.ts';
import { keyOf } from '../fhir/key.ts';
import type { Coding, Consent } from '../fhir/types.ts';
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
const order = ['silent', 'expired', 'early', 'purpose', 'recipient', 'nature', 'content'] as const;
type Objection = (typeof order)[number];

function objectionOf(consent: Consent, question: ConsentQuestion): Objection | undefined {
  const { provision } = consent;
  if (provision?.type !== 'permit') return 'silent';
  if (!covers(provision.period, question.now))
    return provision.period?.start && isBefore(question.now, provision.period.start) ? 'early' : 'expired';
  if (!hasPurpose(provision, question)) return 'purpose';
  if (!hasActor(provision, question)) return 'recipient';
  if (!hasNature(consent, question)) return 'nature';
  return unnamedContent(provision, question) ? 'content' : undefined;
}

function hasPurpose(provision: Provision, { rules }: ConsentQuestion): boolean {
  const purposes = provision.purpose ?? [];
  return purposes.length === 0 || shareCoding(purposes, [rules.purpose]);
}

/** Outside the care team the patient agreed before; inside, not having opposed is enough. */
function hasNature({ category }: Consent, { rules, recipient }: ConsentQuestion): boolean {
  const given = category.flatMap(({ coding }) => coding ?? []);
  return shareCoding(given, recipient.careTeam ? [...rules.prior, ...rules.nonOpposition] : rules.prior);
}

/** Sensitive content that the provision does not name. */
function unnamedContent(provision: Provision, { rules, content }: ConsentQuestion): string | undefined {
  const named = codesOf(provision);
  return rules.sensitive.find(({ types }) => shareCoding(types, content) && !shareCoding(types, named))?.name;
}

function codesOf({ code = [] }: Provision): Coding[] {
  return code.flatMap(({ coding }) => coding ?? []);
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
  const codes = codesOf(provision);
  const about = codes.length === 0 || question.content.length === 0 || shareCoding(codes, question.content);
  const inForce = about && covers(provision.period, question.now) && hasPurpose(provision, question);
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
  nature: ({ recipient }) => ({
    permit: false,
    reason: `${recipient.name} n’est pas de l’équipe de soins : la non-opposition du patient ne suffit pas.`,
    obtain: `Recueillez son consentement préalable, par tout moyen, au partage avec ${recipient.name}.`,
  }),
  content: ({ rules, content }) => {
    const name = rules.sensitive.find(({ types }) => shareCoding(types, content))?.name ?? 'contenu sensible';
    return {
      permit: false,
      reason: `Le consentement du patient ne nomme pas ce contenu plus sensible : ${name}.`,
      obtain: 'Recueillez un consentement qui le nomme (Consent.provision.code), ou retirez ce contenu.',
    };
  },
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
