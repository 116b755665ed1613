/** Whether an offer fits what is asked, criterion by criterion, each with its reason in French. Pure; no word of the patient. */
import { shareCoding } from '../../fhir/coding.ts';
import type { AnyResource, Period } from '../../fhir/types.ts';
import { type Asked, codingsOf, type Judged, type Offer, type RoutingRules, type Verdict } from './offer.ts';
import { coverage } from './territory.ts';

/** `reachable`: a configured server keeps the records of whoever provides the offer. */
export function judge(offer: Offer, asked: Asked, rules: RoutingRules, reachable: boolean): Judged {
  return {
    offer,
    verdicts: [
      pathway(offer, asked),
      kind(offer.body, asked, rules),
      level(offer.body, asked, rules),
      speciality(offer.body, asked),
      audience(offer.body, asked, rules),
      coverage(offer, asked, rules),
      capacity(offer.body, asked, rules),
      reachable
        ? { criterion: 'serveur', fits: 'yes', said: 'serveur configuré' }
        : { criterion: 'serveur', fits: 'no', said: 'aucun serveur configuré ne tient ses dossiers' },
    ],
  };
}

function pathway({ networkId, protocols }: Offer, asked: Asked): Verdict {
  const criterion = 'parcours';
  if (asked.networkId !== undefined)
    return asked.networkId === networkId
      ? { criterion, fits: 'yes', said: 'parcours demandé' }
      : { criterion, fits: 'no', said: 'autre parcours' };
  if (protocols.length === 0) return { criterion, fits: 'no', said: 'le réseau ne publie pas de parcours' };
  return protocols.length === 1
    ? { criterion, fits: 'yes', said: 'parcours du réseau' }
    : { criterion, fits: 'perhaps', said: 'le réseau a plusieurs parcours' };
}

/** A pathway that is asked for says by itself what kind of offer is wanted. */
function kind(body: AnyResource, { networkId, reasons }: Asked, { kinds }: RoutingRules): Verdict {
  const criterion = 'objet';
  if (networkId !== undefined) return { criterion, fits: 'open', said: 'défini par le parcours' };
  const wanted = kinds.filter(({ reason }) => shareCoding([reason], reasons)).flatMap(({ anyOf }) => anyOf);
  if (wanted.length === 0) return { criterion, fits: 'perhaps', said: 'aucune règle pour cet objet' };
  return shareCoding(wanted, codingsOf(body, 'category', 'type', 'specialty', 'characteristic'))
    ? { criterion, fits: 'yes', said: 'répond à l’objet de la demande' }
    : { criterion, fits: 'no', said: 'ne répond pas à l’objet de la demande' };
}

function level(body: AnyResource, { levels }: Asked, rules: RoutingRules): Verdict {
  const criterion = 'niveau';
  const declared = codingsOf(body, 'characteristic').filter(({ system }) => system === rules.levels);
  if (levels.length === 0 || declared.length === 0)
    return { criterion, fits: 'open', said: 'niveau indifférent' };
  return shareCoding(levels, declared)
    ? { criterion, fits: 'yes', said: 'niveau demandé' }
    : { criterion, fits: 'no', said: 'autre niveau' };
}

function speciality(body: AnyResource, { specialities }: Asked): Verdict {
  const criterion = 'spécialité';
  const systems = specialities.map(({ system }) => system);
  const declared = codingsOf(body, 'specialty').filter(({ system }) => systems.includes(system));
  if (declared.length === 0) return { criterion, fits: 'open', said: 'spécialité indifférente' };
  return shareCoding(specialities, declared)
    ? { criterion, fits: 'yes', said: 'spécialité demandée' }
    : { criterion, fits: 'no', said: 'autre spécialité' };
}

function audience(body: AnyResource, { age }: Asked, { audiences }: RoutingRules): Verdict {
  const criterion = 'public';
  const eligibility = (body['eligibility'] ?? []) as {
    code?: { coding?: { system?: string; code?: string }[] };
  }[];
  const codings = eligibility.flatMap(({ code }) => code?.coding ?? []);
  const declared = audiences.filter((one) => shareCoding([one], codings));
  if (declared.length === 0) return { criterion, fits: 'open', said: 'public non précisé' };
  const names = declared.map(({ name }) => name).join(', ');
  if (!age) return { criterion, fits: 'perhaps', said: `public : ${names}, âge inconnu` };
  const covers = (years: number): boolean =>
    declared.some(({ min = 0, max = Infinity }) => years >= min && years <= max);
  const [youngest, oldest] = [covers(age.min), covers(age.max)];
  if (youngest !== oldest) return { criterion, fits: 'perhaps', said: `public : ${names}, âge incertain` };
  return { criterion, fits: youngest ? 'yes' : 'no', said: `public : ${names}` };
}

/** What the network declares full or away at this time. */
function capacity(body: AnyResource, { at }: Asked, { closed }: RoutingRules): Verdict {
  const criterion = 'capacité';
  if (shareCoding(closed, codingsOf(body, 'characteristic')))
    return { criterion, fits: 'no', said: 'offre qui n’est pas ouverte' };
  const away = (body['notAvailable'] ?? []) as { during?: Period; description?: string }[];
  const day = at.toISOString().slice(0, 10);
  const now = away.find(
    ({ during }) => (during?.start ?? '') <= day && day <= (during?.end ?? '9999').padEnd(10, '-99'),
  );
  return now
    ? { criterion, fits: 'no', said: `ne reçoit pas de patients : ${now.description ?? 'complet'}` }
    : { criterion, fits: 'open', said: 'reçoit des patients' };
}
