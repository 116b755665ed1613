/** What is known of document types: `mappings/exchange/documents.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConsentRules } from '../consent/types.ts';
import { shareCoding } from '../fhir/coding.ts';
import { versionOf } from '../fhir/version-of.ts';
import { canonicalBase } from '../fhir/names.ts';
import type { Coding } from '../fhir/types.ts';

/** Fields of a content file that a section may be made of. */
export const sectionFields = ['participants', 'conformite'] as const;

export type SectionRule = {
  title: string;
  required: boolean;
  code: Coding;
  /** The field of the content that its lines are made of. */
  from?: (typeof sectionFields)[number];
};

export type DocumentTypeRule = {
  type: Coding;
  title: string;
  class: Coding;
  /** Profile of the Composition. */
  profile: string;
  /** Code of `confidentialitySystem`. */
  confidentiality: string;
  /** What it may decide, by the word that content files use; with `text` for those who read it. */
  decisions?: Record<string, Coding & { text: string }>;
  /** Class of the encounter, where it is not `DocumentRules.encounterClass`. */
  encounterClass?: Coding;
  sections: Record<string, SectionRule>;
};

export type DocumentRules = {
  bundleProfile: string;
  referenceProfile: string;
  contentType: string;
  language: string;
  versionExtension: string;
  authorTimeExtension: string;
  eventPerformerExtension: string;
  encounterClass: Coding;
  emptyReason: Coding;
  /** How a document is built (XDSDocumentEntry.formatCode), by media type. */
  formats: Record<string, Coding>;
  /** The setting of care, by the class of the encounter. */
  practiceSettings: Record<string, Coding>;
  /** Code system of the sectors that structures work in. */
  sectors: string;
  /** Code system of confidentiality codes. */
  confidentiality: string;
  /** By the name people use in files. */
  types: Record<string, DocumentTypeRule>;
  /** Names what all of this says: the same name, the same rules. */
  version: string;
};

/** Reads the rules from a `mappings` folder, and what consent is needed; a fault in them throws. */
export function readDocumentRules(mappings: string): DocumentRules & { consent: ConsentRules } {
  const read = (name: string): unknown =>
    parse(readFileSync(join(mappings, 'exchange', `${name}.yaml`), 'utf8'));
  const rules = {
    ...(read('documents') as Omit<DocumentRules, 'version'>),
    consent: read('consent') as ConsentRules,
  };
  return { ...rules, version: versionOf(rules) };
}

/** Canonical of one of our profiles by its short name. */
export function profileUrl(name: string): string {
  return `${canonicalBase}/StructureDefinition/${name}`;
}

/** The rule of the type that a Composition has, if it is one that travels. */
export function ruleOf(codings: readonly Coding[], { types }: DocumentRules): DocumentTypeRule | undefined {
  return Object.values(types).find(({ type }) => shareCoding(codings, [type]));
}
