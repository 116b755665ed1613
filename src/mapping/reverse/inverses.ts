/** What the steps of a rule (transforms, then a code table) made of a value, undone. */
import type { CodeableConcept, Json, JsonObject } from '../../fhir/types.ts';
import { type Compilation, isObject, textOf } from '../compilation.ts';
import { transforms } from '../transforms.ts';
import { same } from './same.ts';
import type { Inverse } from './shape.ts';

type Words = '$concept' | '$coding' | '$code';

/** In the order in which they are to be undone: the last step of the rule first. */
export function inversesOf(compilation: Compilation, node: JsonObject): Inverse[] {
  const { $transform: named = [] } = node;
  const undone = (Array.isArray(named) ? named : [named]).map((name) => inverseOf(textOf(name)));
  for (const as of ['$concept', '$coding', '$code'] as const) {
    const table = as in node ? compilation.tables.get(textOf(node[as])) : undefined;
    if (table) undone.push(wordsOf(table.concepts, as));
  }
  return undone.reverse();
}

/**
 * A value that the transform makes of it again: itself, as most transforms leave what they have made once, its text,
 * or what follows a digit put before it.
 */
function inverseOf(name: string): Inverse {
  const apply = transforms[name];
  return (value) => {
    if (!apply || typeof value === 'object' || value === undefined) return [];
    const text = textOf(value as Json);
    const sources: Json[] = [value as Json, text, text.slice(1)];
    return sources.filter((source) => same(apply(source), value)).slice(0, 1);
  };
}

/** Words of a table whose concept, first coding or code this is; a display that was added does not matter. */
function wordsOf(concepts: ReadonlyMap<string, CodeableConcept>, as: Words): Inverse {
  const words = new Map<string, string[]>();
  for (const [word, concept] of concepts) {
    const [coding] = concept.coding ?? [];
    const key = keyOf(as, as === '$concept' ? concept : as === '$coding' ? coding : coding?.code);
    words.set(key, [...(words.get(key) ?? []), word]);
  }
  return (value) => words.get(keyOf(as, value)) ?? [];
}

function keyOf(as: Words, value: unknown): string {
  if (as === '$code') return typeof value === 'string' ? value : '';
  if (!isObject(value)) return '';
  const codings = as === '$coding' ? [value] : (value['coding'] ?? []);
  const codes = Array.isArray(codings) ? codings.filter(isObject) : [];
  return JSON.stringify([
    codes.map(({ system, code }) => [system, code]),
    as === '$concept' && value['text'],
  ]);
}
