/**
 * JSON as it may come from anybody: bounded depth, no name twice in an object, no names that reach into prototypes,
 * no lone surrogates (RFC 8259 §4 and §8.2 leave all of these to the receiver; I-JSON, RFC 7493, forbids the last), and
 * no NUL, which PostgreSQL cannot hold.
 */
import type { Json } from '../../fhir/types.ts';
import { malformed, refusal } from './refusals.ts';

/** What is wrong with a JSON text. */
export type JsonFault = 'syntax' | 'depth' | 'duplicate-name' | 'forbidden-name' | 'lone-surrogate' | 'nul';

const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/**
 * The first fault found in one pass over the text, linear in its length; undefined when there is none. It tells apart
 * structure and strings only: whatever else is no JSON is found by `JSON.parse`, which decides on syntax.
 */
export function findJsonFault(text: string, maxDepth: number): JsonFault | undefined {
  /** Names seen in each open object; undefined for an open array. */
  const open: (Set<string> | undefined)[] = [];
  let nameNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      if (open.length === maxDepth) return 'depth';
      nameNext = char === '{';
      open.push(nameNext ? new Set() : undefined);
    } else if (char === '}' || char === ']') {
      open.pop();
      nameNext = false;
    } else if (char === ',') {
      nameNext = open.at(-1) !== undefined;
    } else if (char === '"') {
      const end = closingQuote(text, at + 1);
      if (end === -1) return 'syntax';
      const value = stringValue(text.slice(at, end + 1));
      if (value === undefined) return 'syntax';
      if (!value.isWellFormed()) return 'lone-surrogate';
      if (value.includes('\0')) return 'nul';
      const fault = nameNext ? addName(open.at(-1), value) : undefined;
      if (fault) return fault;
      nameNext = false;
      at = end;
    }
  }
  return undefined;
}

/** A JSON text without any of the faults, as a value. Throws `invalid` (400) naming the fault, never quoting the text. */
export function parseJson(text: string, maxDepth: number): Json {
  const fault = findJsonFault(text, maxDepth);
  if (fault) throw faultError(fault, maxDepth);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw faultError('syntax', maxDepth); // the parser's own message quotes the text
  }
}

function faultError(fault: JsonFault, maxDepth: number): Error {
  switch (fault) {
    case 'depth':
      return refusal('invalid', 'too-costly', `JSON trop profond : au plus ${maxDepth} niveaux.`);
    case 'duplicate-name':
      return malformed('JSON refusé : un objet porte deux fois le même nom.');
    case 'forbidden-name':
      return malformed('JSON refusé : les noms « __proto__ » et « constructor » sont interdits.');
    case 'lone-surrogate':
      return malformed('JSON refusé : demi-codet isolé dans une chaîne.');
    case 'nul':
      return malformed('JSON refusé : caractère NUL dans une chaîne.');
    case 'syntax':
      return malformed('JSON illisible.');
  }
}

function addName(names: Set<string> | undefined, name: string): JsonFault | undefined {
  if (forbiddenNames.has(name)) return 'forbidden-name';
  if (names?.has(name)) return 'duplicate-name';
  names?.add(name);
  return undefined;
}

/** Index of the quote that ends the string whose content starts at `from`: an even number of backslashes precedes it. */
function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
    let back = end - 1;
    while (back >= from && text[back] === '\\') back -= 1;
    if ((end - 1 - back) % 2 === 0) return end;
  }
  return -1;
}

function stringValue(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
