/** What stands on paper: a document's facts and sections in French words, nothing of how they are drawn. */
import { GatewayError } from '../../fhir/error.ts';
import { systems, insSystems } from '../../fhir/identifiers.ts';
import { splitKey } from '../../fhir/key.ts';
import type { Identifier, Reference } from '../../fhir/types.ts';
import { type DocumentFacts, nameOf } from '../facts.ts';
import { type Block, blocksOf } from './narrative.ts';
import { dayAsRead, momentAsRead, periodAsRead } from './read-dates.ts';

export type Printed = {
  language: string;
  title: string;
  /** Said above the title of what is not final. */
  warning?: string;
  /** Instant that the file is dated with, so that the same document gives the same bytes. */
  dated: string;
  /** Repeated on every page. */
  footer: string;
  groups: { title: string; rows: [label: string, value: string][] }[];
  sections: { title: string; blocks: Block[] }[];
};

export type PrintedSection = { title?: string; div?: string; sections: PrintedSection[] };

/** Characters that a document may print: some 150 pages. What is longer belongs into attached files. */
export const maxPrintedCharacters = 300_000;

/** Throws `unprocessable` when the text of a section cannot be read or all of it is too long. */
export function printedOf(facts: DocumentFacts, sections: readonly PrintedSection[]): Printed {
  const { value } = splitKey(facts.key);
  const printed = sections.flatMap((section, index) => printedSections(section, `section[${index}]`));
  const length = printed.reduce((sum, { blocks }) => sum + JSON.stringify(blocks).length, 0);
  if (length > maxPrintedCharacters)
    throw unprintable(
      `Le texte lisible du document dépasse ${maxPrintedCharacters} caractères : mettez le détail en pièce jointe.`,
      'Bundle.entry[0].resource.section',
    );
  const patient = `${nameOf(facts.patient) ?? 'patient sans nom'}, né(e) le ${birthOf(facts)}`;
  return {
    language: facts.language ?? 'fr-FR',
    title: facts.title,
    ...(facts.status === 'preliminary' ? { warning: 'Document préliminaire : il peut encore changer.' } : {}),
    dated: facts.issued,
    footer: `${value} – ${patient}`,
    groups: [
      { title: 'Patient', rows: patientRows(facts) },
      { title: 'Document', rows: documentRows(facts) },
    ],
    sections: printed,
  };
}

function printedSections({ title, div, sections }: PrintedSection, path: string): Printed['sections'] {
  const blocks = div === undefined ? [] : blocksOf(div);
  if (!blocks)
    throw unprintable(
      'Le texte de cette section n’est pas du XHTML que l’on puisse lire.',
      `Bundle.entry[0].resource.${path}.text.div`,
    );
  return [
    { title: title ?? 'Section', blocks },
    ...sections.flatMap((inner, index) => printedSections(inner, `${path}.section[${index}]`)),
  ];
}

const genders: Readonly<Record<string, string>> = { male: 'masculin', female: 'féminin', other: 'autre' };

function birthOf({ patient }: DocumentFacts): string {
  const { birthDate } = patient as { birthDate?: string };
  return birthDate ? dayAsRead(birthDate) : 'date inconnue';
}

function patientRows(facts: DocumentFacts): [string, string][] {
  const { patient } = facts;
  const { gender, identifier = [] } = patient as { gender?: string; identifier?: Identifier[] };
  return [
    ['Nom', nameOf(patient) ?? 'non renseigné'],
    ['Né(e) le', birthOf(facts)],
    ['Sexe', genders[gender ?? ''] ?? 'inconnu'],
    ...identifier.map(({ system = '', value = '' }): [string, string] =>
      insSystems.has(system) ? ['Matricule INS', value] : ['Identifiant', `${value} (${system})`],
    ),
  ];
}

function documentRows(facts: DocumentFacts): [string, string][] {
  const { custodian, period, authors, relations } = facts;
  const { system, value } = splitKey(facts.key);
  return [
    ['Identifiant', `${value} (${system})`],
    ['Date', momentAsRead(facts.issued)],
    ...authors.map(({ reference }): [string, string] => ['Auteur', partyAsRead(reference)]),
    ...(custodian ? [['Établissement', partyAsRead(custodian)] satisfies [string, string]] : []),
    ...(period ? [['Prise en charge', periodAsRead(period)] satisfies [string, string]] : []),
    ...facts.decisions.map(({ text, coding }): [string, string] => [
      'Décision',
      text ?? coding?.[0]?.display ?? coding?.[0]?.code ?? 'non renseignée',
    ]),
    ...facts.orderKeys.map((key): [string, string] => ['Demande', splitKey(key).value]),
    ...relations.map(({ code, key }): [string, string] => [
      relationNames[code] ?? 'Lié à',
      splitKey(key).value,
    ]),
  ];
}

const relationNames: Readonly<Record<string, string>> = { replaces: 'Remplace', appends: 'Complète' };

const registers: Readonly<Record<string, string>> = { [systems.rpps]: 'RPPS', [systems.finess]: 'FINESS' };

function partyAsRead({ display, identifier }: Reference): string {
  const number = identifier?.value && `${registers[identifier.system ?? ''] ?? 'n°'} ${identifier.value}`;
  return [display, number].filter(Boolean).join(', ') || 'non renseigné';
}

function unprintable(message: string, expression: string): GatewayError {
  return new GatewayError({
    ...{ category: 'unprocessable', side: 'sender', message },
    issues: [{ severity: 'error', code: 'invalid', message, expression }],
  });
}
