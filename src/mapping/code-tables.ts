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

/** Reads tables already checked against `#/$defs/codeTable` of the mapping schema. One name, one table. */
export function compileCodeTables(documents: readonly SourceDocument[]): {
  tables: CodeTables;
  issues: Issue[];
} {
  const tables = new Map<string, CodeTable>();
  const issues: Issue[] = [];
  for (const document of documents) {
    const { table, system, codes } = document.data as { table: string; system: string; codes: JsonObject };
    if (tables.has(table)) {
      const message = `La table de codes « ${table} » est déjà définie.`;
      issues.push({ severity: 'error', code: 'duplicate', message, source: locate(document, '/table') });
      continue;
    }
    const concepts = new Map(
      Object.entries(codes).map(([value, entry]) => {
        const list = (Array.isArray(entry) ? entry : [entry]).filter(isObject);
        const coding = list.filter((one) => 'code' in one).map((one) => codingOf(one, system));
        const text = list.map((one) => one['text']).find((one) => typeof one === 'string');
        return [value, frozen({ ...(coding.length ? { coding } : {}), ...(text ? { text } : {}) })];
      }),
    );
    tables.set(table, { name: table, concepts });
  }
  return { tables, issues };
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
