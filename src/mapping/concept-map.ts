/**
 * Code tables as FHIR: the words of network files as a CodeSystem, and what becomes of them as a ConceptMap (R4 §4.10).
 * A word without a code is `unmatched` and never counts as mapped (CORE-15).
 */
import { canonicalBase } from '../fhir/names.ts';
import type { AnyResource, CodeableConcept, Coding } from '../fhir/types.ts';
import { compileCodeTables, editionsOf } from './code-tables.ts';
import type { SourceDocument } from './types.ts';

type Concepts = ReadonlyMap<string, CodeableConcept>;
type Element = { code: string; display?: string; target: object[] };
/** A code and what it is mapped to; without codings it is unmatched. */
type Pair = {
  code: string;
  display?: string | undefined;
  codings: readonly Coding[];
  comment?: string | undefined;
};

/** Two resources for each table, one more for each of its editions. */
export function conceptMapsOf(codes: readonly SourceDocument[], version: string): AnyResource[] {
  const { tables } = compileCodeTables(codes);
  return [...tables.values()].flatMap(({ name, concepts }) => {
    const words = `${canonicalBase}/CodeSystem/network-words-${name}`;
    const document = codes.filter(({ data }) => data['table'] === name);
    return [
      wordsOf(name, concepts, version),
      wordMap(name, words, concepts, version),
      ...editionsOf(document).map((edition) => {
        const other = compileCodeTables(document, [edition]).tables.get(name)!.concepts;
        return editionMap(`${name}-${edition}`, concepts, other, version);
      }),
    ];
  });
}

function wordsOf(name: string, concepts: Concepts, version: string): AnyResource {
  return {
    ...head('CodeSystem', `network-words-${name}`, `Mots des fichiers de réseau : ${name}`, version),
    description: `Words of network files for « ${name} ».`,
    caseSensitive: true,
    content: 'complete',
    count: concepts.size,
    concept: [...concepts].map(([code, { text }]) => ({ code, display: text ?? code })),
  };
}

function wordMap(name: string, source: string, concepts: Concepts, version: string): AnyResource {
  const pairs = [...concepts].map(([code, { text, coding = [] }]): Pair => ({
    ...{ code, display: text, codings: coding },
    ...(coding.length ? {} : { comment: text }),
  }));
  return {
    ...head('ConceptMap', name, `Codes de ${name}`, version),
    description: `Codings that words of network files for « ${name} » are published with.`,
    group: groupsOf(source, pairs),
  };
}

/** From the codings of the table to those of an edition: a migration from one terminology to the next. */
function editionMap(name: string, from: Concepts, to: Concepts, version: string): AnyResource {
  const bySystem = new Map<string, Pair[]>();
  for (const [word, { text, coding: [old] = [] }] of from) {
    if (!old?.system || !old.code) continue;
    const codings = (to.get(word)?.coding ?? []).filter(({ system }) => system !== old.system);
    const pairs = bySystem.get(old.system) ?? [];
    if (!pairs.some(({ code }) => code === old.code)) pairs.push({ code: old.code, display: text, codings });
    bySystem.set(old.system, pairs);
  }
  return {
    ...head('ConceptMap', name, `Passage de terminologie : ${name}`, version),
    description: `From the codings of the table to those of another edition (« ${name} »).`,
    group: [...bySystem].flatMap(([source, pairs]) => groupsOf(source, pairs)),
  };
}

/** One group for each target system, then one for what has no code. */
function groupsOf(source: string, pairs: readonly Pair[]): object[] {
  const groups = new Map<string | undefined, Element[]>();
  const uses = new Map<string, number>();
  const keyOf = ({ system, code }: Coding): string => `${system ?? ''}|${code ?? ''}`;
  for (const coding of pairs.flatMap(({ codings }) => codings)) {
    uses.set(keyOf(coding), (uses.get(keyOf(coding)) ?? 0) + 1);
  }
  const put = (system: string | undefined, { code, display }: Pair, target: object): void => {
    const element = { code, ...(display ? { display } : {}), target: [target] };
    groups.set(system, [...(groups.get(system) ?? []), element]);
  };
  for (const pair of pairs) {
    const { codings, comment } = pair;
    for (const coding of codings) {
      // Several sources of one code: it says less than each of them.
      const equivalence = uses.get(keyOf(coding)) === 1 ? 'equivalent' : 'wider';
      const { code, display } = coding;
      put(coding.system, pair, { code, ...(display ? { display } : {}), equivalence });
    }
    if (!codings.length) put(undefined, pair, { equivalence: 'unmatched', ...(comment ? { comment } : {}) });
  }
  return [...groups].map(([target, element]) => ({ source, ...(target ? { target } : {}), element }));
}

function head(resourceType: string, id: string, title: string, version: string): AnyResource {
  const name = `${resourceType}-${id}`.replace(/(^|-)([A-Za-z0-9])/g, (_, __, letter: string) =>
    letter.toUpperCase(),
  );
  return {
    resourceType,
    id,
    url: `${canonicalBase}/${resourceType}/${id}`,
    version,
    name,
    title,
    status: 'active',
    experimental: false,
  };
}
