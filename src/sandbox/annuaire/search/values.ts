/** What a resource says at a place: tokens or words, whatever FHIR type stands there. Places are dotted element names. */
import type { AnyResource } from '../../../fhir/types.ts';

export type Token = { system: string | undefined; code: string };

/** Codes, identifiers, booleans at a place; a CodeableConcept gives each of its codings. */
export function tokensAt(resource: AnyResource, place: string): Token[] {
  return leavesAt(resource, place).flatMap(tokensOf);
}

/** Every word at a place: of a HumanName or Address all its parts. */
export function stringsAt(resource: AnyResource, place: string): string[] {
  return leavesAt(resource, place).flatMap(stringsOf);
}

function tokensOf(leaf: unknown): Token[] {
  if (typeof leaf === 'string' || typeof leaf === 'boolean')
    return [{ system: undefined, code: String(leaf) }];
  if (typeof leaf !== 'object' || leaf === null) return [];
  const { coding, system, code, value } = leaf as {
    coding?: Token[];
    system?: string;
    code?: string;
    value?: string;
  };
  if (Array.isArray(coding)) return coding.flatMap(tokensOf);
  const text = code ?? value;
  return text === undefined ? [] : [{ system, code: text }];
}

function stringsOf(leaf: unknown): string[] {
  if (typeof leaf === 'string') return [leaf];
  if (Array.isArray(leaf)) return leaf.flatMap(stringsOf);
  if (typeof leaf !== 'object' || leaf === null) return [];
  return Object.entries(leaf).flatMap(([name, value]) => (notWords.has(name) ? [] : stringsOf(value)));
}

/** Elements of names and addresses that are codes, not words. */
const notWords = new Set(['use', 'type', 'extension', 'period']);

function leavesAt(resource: AnyResource, place: string): unknown[] {
  let nodes: unknown[] = [resource];
  for (const name of place.split('.')) {
    nodes = nodes.flatMap((node) => {
      const value = (node as Record<string, unknown> | null)?.[name];
      return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
    });
  }
  return nodes;
}
