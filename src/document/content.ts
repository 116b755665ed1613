/** A document as a person writes it in YAML or JSON, with French field names. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Issue } from '../fhir/issue.ts';
import { contentSchema } from './content-schema.ts';
import type { Outcome } from './criteria.ts';
import type { DocumentRules } from './rules.ts';

type Key = { system: string; value: string };
/** `rpps` is the professional's national number. */
export type PersonContent = { nom: string; prenom: string; rpps: string };
/** Somebody who took part, as `qualite`. */
export type ParticipantContent = PersonContent & { qualite: string };
/** A criterion that the team declared, by its id in the network's file, and whether the case meets it. */
export type CriterionContent = { critere: string; texte: string; reponse: Outcome; motif?: string };
/** Lines of a list, or a text whose paragraphs an empty line separates. */
export type SectionContent = string[] | string;

export type DocumentContent = {
  /** Name of a document type of `mappings/exchange/documents.yaml`. */
  type: string;
  identifiant: Key;
  statut: 'preliminaire' | 'definitif';
  titre?: string;
  /** Instant with zone. */
  date: string;
  /** Identifier of the order that the document answers or goes with. */
  demande: Key;
  /** Document that this one replaces; document that it adds to. */
  remplace?: Key;
  complete?: Key;
  /** Without an end it goes on. */
  episode: { debut: string; fin?: string };
  patient: {
    identifiants: Key[];
    nom: string;
    prenom: string;
    sexe: 'masculin' | 'feminin' | 'inconnu';
    naissance: string;
  };
  auteur: PersonContent;
  organisation: { nom: string; finess?: string; identifiant?: Key };
  participants?: ParticipantContent[];
  conformite?: CriterionContent[];
  /** A word of `DocumentTypeRule.decisions`. */
  decision?: string;
  /** Of each section, by its name. */
  sections: Record<string, SectionContent>;
};

/**
 * All faults at once, each with the path of its field (`patient.identifiants[0].system`); field names are quoted,
 * values never.
 */
export function checkContent(content: unknown, rules: DocumentRules): Issue[] {
  const validate = compiled(rules);
  if (validate(content)) return [];
  const told = new Map<string, Issue>();
  for (const issue of (validate.errors ?? []).flatMap(issueOf)) told.set(issue.expression!, issue);
  return [...told.values()];
}

const known = new WeakMap<DocumentRules, ValidateFunction>();

function compiled(rules: DocumentRules): ValidateFunction {
  const earlier = known.get(rules);
  if (earlier) return earlier;
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
  });
  ajv.addFormat('calendar', isOnCalendar);
  const validate = ajv.compile(contentSchema(rules));
  known.set(rules, validate);
  return validate;
}

/** The day of a date, which may be partial, exists. */
function isOnCalendar(value: string): boolean {
  const day = `${value.slice(0, 10)}-01-01`.slice(0, 10);
  const time = Date.parse(value.includes('T') ? value : day);
  return !Number.isNaN(time) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

type Described = { description?: string };

function issueOf({ keyword, instancePath, schemaPath, params, parentSchema }: ErrorObject): Issue[] {
  // What a conditional or an alternative says inside is said by the keyword around it.
  if (keyword === 'if' || schemaPath.includes('/anyOf/')) return [];
  const schema = (parentSchema ?? {}) as Described & { properties?: Record<string, Described> };
  const { missingProperty, additionalProperty } = params as Record<string, string>;
  if (missingProperty !== undefined) {
    const wanted = schema.properties?.[missingProperty]?.description ?? elsewhere(missingProperty);
    return [issue(pathOf(instancePath, missingProperty), `attend ${wanted}`)];
  }
  if (additionalProperty !== undefined) {
    const names = Object.keys(schema.properties ?? {}).join(', ');
    return [issue(pathOf(instancePath, additionalProperty), `est inconnu ici ; champs possibles : ${names}`)];
  }
  if (keyword === 'false schema')
    return [issue(pathOf(instancePath), 'n’a pas de place dans un document de ce type')];
  return [issue(pathOf(instancePath), `attend ${schema.description ?? 'des champs (nom: valeur)'}`)];
}

/** The condition of a type does not describe again what the common fields do. */
function elsewhere(field: string): string {
  if (field === 'participants') return 'une liste de personnes : nom, prenom, rpps, qualite';
  return field === 'conformite'
    ? 'une liste de critères examinés : critere, texte, reponse, motif'
    : 'une valeur';
}

/** A JSON pointer as people write it: `a.b[0].c`. */
function pathOf(pointer: string, step?: string): string {
  const steps = pointer.split('/').slice(1);
  const path = steps
    .map((one) => (/^\d+$/.test(one) ? `[${one}]` : `.${one.replaceAll('~1', '/')}`))
    .join('');
  return `${path}${step === undefined ? '' : `.${step}`}`.replace(/^\./, '');
}

function issue(path: string, says: string): Issue {
  const subject = path === '' ? 'Le contenu' : `« ${path} »`;
  return { severity: 'error', code: 'value', expression: path, message: `${subject} ${says}.` };
}
