/** Entries of a composed document, with the cardinalities of FRCompositionDocument (document-core, draft). */
import { systems } from '../fhir/identifiers.ts';
import type { AnyResource } from '../fhir/types.ts';
import { uuidOf } from '../fhir/uuid-of.ts';
import type { DocumentContent, ParticipantContent, PersonContent } from './content.ts';
import { assessments, criterionLine } from './criteria.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl } from './rules.ts';
import { narrativeOf } from './section-text.ts';

type Entry = { fullUrl: string; resource: AnyResource };

/** Composition first, then all that it reaches. Addresses follow from the document's identifier: same content, same bytes. */
export function documentParts(content: DocumentContent, rules: DocumentRules): Entry[] {
  const rule = rules.types[content.type]!;
  const url = (part: string): string =>
    `urn:uuid:${uuidOf(`${content.identifiant.system}|${content.identifiant.value}/${part}`)}`;
  const to = (part: string): { reference: string } => ({ reference: url(part) });
  const { patient, organisation, episode } = content;
  const { nom, finess, identifiant } = organisation;
  const parts: Record<string, AnyResource> = {
    composition: composition(content, rules, rule, to),
    patient: {
      resourceType: 'Patient',
      identifier: patient.identifiants,
      name: [{ use: 'official', family: patient.nom, given: [patient.prenom] }],
      gender: genders[patient.sexe],
      birthDate: patient.naissance,
    },
    ...Object.fromEntries(people(content).map(([part, person]) => [part, practitioner(person)])),
    organization: {
      resourceType: 'Organization',
      identifier: [finess ? { system: systems.finess, value: finess } : identifiant],
      name: nom,
    },
    encounter: {
      resourceType: 'Encounter',
      status: episode.fin ? 'finished' : 'in-progress',
      class: rule.encounterClass ?? rules.encounterClass,
      subject: to('patient'),
      period: periodOf(content),
      serviceProvider: to('organization'),
    },
  };
  return Object.entries(parts).map(([name, resource]) => ({ fullUrl: url(name), resource }));
}

/** The author, then everybody else who took part: one person, one entry. */
function people({ auteur, participants = [] }: DocumentContent): [part: string, person: PersonContent][] {
  const others = new Map(participants.map((one) => [one.rpps, one]));
  others.delete(auteur.rpps);
  return [
    ['author', auteur],
    ...[...others].map(([rpps, one]) => [`participant/${rpps}`, one] as [string, ParticipantContent]),
  ];
}

function practitioner({ nom, prenom, rpps }: PersonContent): AnyResource {
  return {
    resourceType: 'Practitioner',
    identifier: [{ system: systems.rpps, value: rpps }],
    name: [{ family: nom, given: [prenom] }],
  };
}

function periodOf({ episode: { debut, fin } }: DocumentContent): object {
  return { start: debut, ...(fin ? { end: fin } : {}) };
}

const genders = { masculin: 'male', feminin: 'female', inconnu: 'unknown' } as const;

function composition(
  content: DocumentContent,
  rules: DocumentRules,
  rule: DocumentTypeRule,
  to: (part: string) => { reference: string },
): AnyResource {
  const { date, demande } = content;
  const decision = decisionOf(content, rule);
  const author = {
    ...to('author'),
    extension: [{ url: rules.authorTimeExtension, valueDateTime: date }],
  };
  return {
    resourceType: 'Composition',
    meta: { profile: [profileUrl(rule.profile)] },
    language: rules.language,
    extension: [{ url: rules.versionExtension, valueString: '1' }],
    identifier: content.identifiant,
    status: content.statut === 'definitif' ? 'final' : 'preliminary',
    type: { coding: [rule.type], text: rule.title },
    category: [{ coding: [rule.class] }],
    subject: to('patient'),
    encounter: to('encounter'),
    date,
    author: [author],
    title: content.titre ?? rule.title,
    confidentiality: rule.confidentiality,
    attester: [{ mode: 'legal', time: date, party: to('author') }],
    custodian: to('organization'),
    ...relations(content),
    event: [
      {
        extension: people(content).map(([part]) => ({
          url: rules.eventPerformerExtension,
          valueReference: to(part),
        })),
        ...(decision ? { code: [decision] } : {}),
        period: periodOf(content),
        detail: [{ type: 'ServiceRequest', identifier: demande }],
      },
    ],
    section: sections(content, rules, rule),
  };
}

function decisionOf({ decision }: DocumentContent, { decisions }: DocumentTypeRule): object | undefined {
  if (decision === undefined || !decisions?.[decision]) return undefined;
  const { text, ...coding } = decisions[decision];
  return { coding: [coding], text };
}

function relations({ remplace, complete }: DocumentContent): object {
  const related = [
    ...(remplace ? [{ code: 'replaces', targetIdentifier: remplace }] : []),
    ...(complete ? [{ code: 'appends', targetIdentifier: complete }] : []),
  ];
  return related.length ? { relatesTo: related } : {};
}

/** In the order of the rules; a required section without lines says that nothing is known (IPS-02). */
function sections(content: DocumentContent, rules: DocumentRules, rule: DocumentTypeRule): object[] {
  return Object.entries(rule.sections).flatMap(([name, { title, code, from }]) => {
    const given = from === undefined ? content.sections[name] : linesOf[from](content);
    if (given === undefined) return [];
    const assessed = from === 'conformite' ? assessments(content.conformite) : [];
    return [
      {
        ...(assessed.length ? { extension: assessed } : {}),
        title,
        code: { coding: [code] },
        text: { status: 'generated', div: narrativeOf(given) },
        ...(given.length ? {} : { emptyReason: { coding: [rules.emptyReason] } }),
      },
    ];
  });
}

/** Lines of the sections that are made of another field. */
const linesOf = {
  participants: ({ participants }: DocumentContent) => participants?.map(asLine),
  conformite: ({ conformite }: DocumentContent) => conformite?.map(criterionLine),
} as const;

function asLine({ nom, prenom, rpps, qualite }: ParticipantContent): string {
  return `${prenom} ${nom}, ${qualite} (RPPS ${rpps})`;
}
