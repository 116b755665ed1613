/** Entries of a composed document, with the cardinalities of FRCompositionDocument (document-core, draft). */
import { createHash } from 'node:crypto';
import { systems } from '../fhir/identifiers.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentContent } from './content.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl } from './rules.ts';

type Entry = { fullUrl: string; resource: AnyResource };

/** Composition first, then all that it reaches. Addresses follow from the document's identifier: same content, same bytes. */
export function documentParts(content: DocumentContent, rules: DocumentRules): Entry[] {
  const rule = rules.types[content.type]!;
  const url = (part: string): string =>
    `urn:uuid:${uuidOf(`${content.identifiant.system}|${content.identifiant.value}/${part}`)}`;
  const to = (part: string): { reference: string } => ({ reference: url(part) });
  const { patient, auteur, organisation, episode } = content;
  const period = { start: episode.debut, end: episode.fin };
  const parts: Record<string, AnyResource> = {
    composition: composition(content, rules, rule, to),
    patient: {
      resourceType: 'Patient',
      identifier: patient.identifiants,
      name: [{ use: 'official', family: patient.nom, given: [patient.prenom] }],
      gender: genders[patient.sexe],
      birthDate: patient.naissance,
    },
    author: {
      resourceType: 'Practitioner',
      identifier: [{ system: systems.rpps, value: auteur.rpps }],
      name: [{ family: auteur.nom, given: [auteur.prenom] }],
    },
    organization: {
      resourceType: 'Organization',
      identifier: [{ system: systems.finess, value: organisation.finess }],
      name: organisation.nom,
    },
    encounter: {
      resourceType: 'Encounter',
      status: 'finished',
      class: rules.encounterClass,
      subject: to('patient'),
      period,
      serviceProvider: to('organization'),
    },
  };
  return Object.entries(parts).map(([name, resource]) => ({ fullUrl: url(name), resource }));
}

const genders = { masculin: 'male', feminin: 'female', inconnu: 'unknown' } as const;

function composition(
  content: DocumentContent,
  rules: DocumentRules,
  rule: DocumentTypeRule,
  to: (part: string) => { reference: string },
): AnyResource {
  const { date, episode, demande } = content;
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
        extension: [{ url: rules.eventPerformerExtension, valueReference: to('author') }],
        period: { start: episode.debut, end: episode.fin },
        detail: [{ type: 'ServiceRequest', identifier: demande }],
      },
    ],
    section: sections(content, rules, rule),
  };
}

function relations({ remplace, complete }: DocumentContent): object {
  const related = [
    ...(remplace ? [{ code: 'replaces', targetIdentifier: remplace }] : []),
    ...(complete ? [{ code: 'appends', targetIdentifier: complete }] : []),
  ];
  return related.length ? { relatesTo: related } : {};
}

/** In the order of the rules; a required section without lines says that nothing is known (IPS-02). */
function sections(
  { sections: given }: DocumentContent,
  rules: DocumentRules,
  rule: DocumentTypeRule,
): object[] {
  return Object.entries(rule.sections).flatMap(([name, { title, code }]) => {
    const lines = given[name];
    if (lines === undefined) return [];
    const body = lines.length
      ? `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`
      : '<p>Rien de connu.</p>';
    return [
      {
        title,
        code: { coding: [code] },
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${body}</div>` },
        ...(lines.length ? {} : { emptyReason: { coding: [rules.emptyReason] } }),
      },
    ];
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A UUID (version 8: free form, RFC 9562) that follows from a name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
