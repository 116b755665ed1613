/** A document as a person writes it in YAML or JSON, with French field names. */
import type { Issue } from '../fhir/issue.ts';
import type { DocumentRules } from './rules.ts';

type Key = { system: string; value: string };
/** `rpps` is the professional's national number. */
export type PersonContent = { nom: string; prenom: string; rpps: string };

export type DocumentContent = {
  /** Name of a document type of `mappings/exchange/documents.yaml`. */
  type: string;
  identifiant: Key;
  statut: 'preliminaire' | 'definitif';
  titre?: string;
  /** Instant with zone. */
  date: string;
  /** Identifier of the order that the document answers. */
  demande: Key;
  /** Document that this one replaces; document that it adds to. */
  remplace?: Key;
  complete?: Key;
  episode: { debut: string; fin: string };
  patient: {
    identifiants: Key[];
    nom: string;
    prenom: string;
    sexe: 'masculin' | 'feminin' | 'inconnu';
    naissance: string;
  };
  auteur: PersonContent;
  organisation: { nom: string; finess: string };
  /** Lines of each section, by its name. */
  sections: Record<string, string[]>;
};

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const day = /^\d{4}-\d{2}-\d{2}(T.+)?$/;

/** Field, its path and what it must look like; everything else follows from the type's rule. */
const fields: [path: string, test: (value: unknown) => boolean, wanted: string][] = [
  ['identifiant', isKey, 'un identifiant : system et value'],
  ['statut', oneOf('preliminaire', 'definitif'), '« preliminaire » ou « definitif »'],
  ['titre', optional(isText), 'un texte'],
  ['date', matches(instant), 'une date et heure avec fuseau, p. ex. 2026-11-20T10:00:00+01:00'],
  ['demande', isKey, 'l’identifiant de la demande : system et value'],
  ['remplace', optional(isKey), 'l’identifiant du document remplacé : system et value'],
  ['complete', optional(isKey), 'l’identifiant du document complété : system et value'],
  ['episode.debut', matches(day), 'une date'],
  ['episode.fin', matches(day), 'une date'],
  ['patient.identifiants', (value) => isList(value, isKey) && value.length > 0, 'au moins un identifiant'],
  ['patient.nom', isText, 'un texte'],
  ['patient.prenom', isText, 'un texte'],
  ['patient.sexe', oneOf('masculin', 'feminin', 'inconnu'), '« masculin », « feminin » ou « inconnu »'],
  ['patient.naissance', matches(/^\d{4}(-\d{2}(-\d{2})?)?$/), 'une date'],
  ['auteur.nom', isText, 'un texte'],
  ['auteur.prenom', isText, 'un texte'],
  ['auteur.rpps', matches(/^\d{11}$/), 'un numéro RPPS (11 chiffres)'],
  ['organisation.nom', isText, 'un texte'],
  ['organisation.finess', matches(/^[0-9][0-9AB][0-9]{7}$/), 'un numéro FINESS (9 caractères)'],
];

/** All faults at once; values are never quoted. */
export function checkContent(content: unknown, rules: DocumentRules): Issue[] {
  const type = at(content, 'type');
  const rule = typeof type === 'string' && Object.hasOwn(rules.types, type) ? rules.types[type] : undefined;
  if (!rule) return [issue('type', `un type parmi : ${Object.keys(rules.types).join(', ')}`)];
  const wrong = fields.filter(([path, test]) => !test(at(content, path)));
  const sections = at(content, 'sections');
  const given = typeof sections === 'object' && sections !== null ? Object.entries(sections) : [];
  const known = Object.entries(rule.sections);
  return [
    ...wrong.map(([path, , wanted]) => issue(path, wanted)),
    ...known
      .filter(([name, { required }]) => required && !given.some(([one]) => one === name))
      .map(([name, { title }]) => issue(`sections.${name}`, `la section « ${title} », vide au besoin ([])`)),
    ...given
      .filter(([name, lines]) => !Object.hasOwn(rule.sections, name) || !isList(lines, isText))
      .map(([name]) =>
        issue(`sections.${name}`, `une liste de lignes, sous : ${known.map(([one]) => one).join(', ')}`),
      ),
  ];
}

function at(content: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isObject ? (value as Record<string, unknown>)[name] : undefined;
  }, content);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isKey(value: unknown): boolean {
  return isText(at(value, 'system')) && isText(at(value, 'value'));
}

function isList(value: unknown, test: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(test);
}

function matches(form: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && form.test(value);
}

function oneOf(...values: string[]): (value: unknown) => boolean {
  return (value) => values.includes(value as string);
}

function optional(test: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || test(value);
}

function issue(path: string, wanted: string): Issue {
  return { severity: 'error', code: 'value', expression: path, message: `« ${path} » attend ${wanted}.` };
}
