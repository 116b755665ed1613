/** Code tables (`mappings/codes/*.yaml`): from the words of a network file to the codings of the terminologies. */
import type { Issue } from '../fhir/issue.ts';
import { canonicalBase } from '../fhir/names.ts';
import type { CodeableConcept, Coding, Json, JsonObject } from '../fhir/types.ts';
import { isObject, textOf } from './compilation.ts';
import { frozen } from './frozen.ts';
import { locate } from './locate.ts';
import type { SourceDocument } from './types.ts';

/** The concept of each source value; its first coding is the one `$coding` writes. */
export type CodeTable = {
  name: string;
  concepts: ReadonlyMap<string, CodeableConcept>;
};

export type CodeTables = ReadonlyMap<string, CodeTable>;

/** A table as its file holds it; an edition gives other codings to the words it names. */
type Edition = { system: string; codes: JsonObject };
type TableFile = Edition & { table: string; edition?: string; editions?: Record<string, Edition> };

/**
 * Reads tables already checked against `#/$defs/codeTable` of the mapping schema. One name, one table. Of the editions
 * wanted, a table takes the first it has; a word that the edition does not name keeps the coding of the table.
 */
export function compileCodeTables(
  documents: readonly SourceDocument[],
  wanted: readonly string[] = [],
): { tables: CodeTables; issues: Issue[] } {
  const tables = new Map<string, CodeTable>();
  const issues: Issue[] = [...unknownEditions(documents, wanted)];
  for (const document of documents) {
    const { table, edition: own, editions = {}, ...base } = document.data as TableFile;
    if (tables.has(table)) {
      const message = `La table de codes « ${table} » est déjà définie.`;
      issues.push({ severity: 'error', code: 'duplicate', message, source: locate(document, '/table') });
      continue;
    }
    for (const [name, edition] of Object.entries(editions)) {
      for (const word of Object.keys(edition.codes).filter((one) => !(one in base.codes))) {
        const message = `L'édition « ${name} » donne un code à « ${word} », que la table n'a pas : ajoutez-le d'abord à « codes ».`;
        const source = locate(document, `/editions/${name}/codes/${word}`);
        issues.push({ severity: 'error', code: 'not-found', message, source });
      }
    }
    const chosen = wanted.find((name) => name === own || name in editions);
    const edition = chosen === undefined ? undefined : editions[chosen]; // none for its own
    const concepts = new Map([...conceptsOf(base), ...(edition ? conceptsOf(edition) : [])]);
    tables.set(table, { name: table, concepts });
  }
  return { tables, issues };
}

/** Names of the editions that any of the tables has beside its own codes. */
export function editionsOf(documents: readonly SourceDocument[]): string[] {
  const names = documents.flatMap(({ data }) => Object.keys((data as TableFile).editions ?? {}));
  return [...new Set(names)].sort();
}

function unknownEditions(documents: readonly SourceDocument[], wanted: readonly string[]): Issue[] {
  const own = documents.flatMap(({ data }) => (data as TableFile).edition ?? []);
  const known = [...new Set([...own, ...editionsOf(documents)])].sort();
  return wanted
    .filter((name) => !known.includes(name))
    .map((name) => ({
      severity: 'error',
      code: 'not-found',
      message: `Aucune table de codes n'a d'édition « ${name} » ; connues : ${known.join(', ') || 'aucune'}.`,
    }));
}

function conceptsOf({ system, codes }: Edition): [string, CodeableConcept][] {
  return Object.entries(codes).map(([value, entry]) => {
    const list = (Array.isArray(entry) ? entry : [entry]).filter(isObject);
    const coding = list.filter((one) => 'code' in one).map((one) => codingOf(one, system));
    const text = list.map((one) => one['text']).find((one) => typeof one === 'string');
    return [value, frozen({ ...(coding.length ? { coding } : {}), ...(text ? { text } : {}) })];
  });
}

function codingOf(entry: JsonObject, system: string): Coding {
  const own: Json | undefined = entry['system'];
  return {
    system: withBase(typeof own === 'string' ? own : system),
    code: textOf(entry['code']),
    ...(typeof entry['display'] === 'string' ? { display: entry['display'] } : {}),
  };
}

/** `{$base}` stands for the canonical base of this product in every string of a mapping. */
export function withBase(text: string): string {
  return text.replaceAll('{$base}', canonicalBase);
}
