import canonicalize from 'canonicalize';
import type { Json } from '../fhir/types.ts';
import { isObject } from './values.ts';

/** Which element of an array became which: indexes before and after; elements only on one side stand alone. */
export type Alignment = {
  kept: { before: number; after: number }[];
  removed: number[];
  added: number[];
};

/** Elements that name an object inside a list, strongest first; the first one present is its identity. */
const naming: readonly (readonly string[])[] = [
  ['id'],
  ['linkId'],
  ['url'],
  ['reference'],
  ['system', 'code'],
  ['system', 'value'],
  ['identifier'],
  ['member'],
  ['code'],
];

/**
 * Matches the elements of two lists: by what names them (an identifier, a code, a reference) when every element has
 * a name of its own and those on both sides keep their order, otherwise by position.
 */
export function align(before: readonly Json[], after: readonly Json[]): Alignment {
  return byIdentity(before, after) ?? byPosition(before.length, after.length);
}

function byIdentity(before: readonly Json[], after: readonly Json[]): Alignment | undefined {
  const old = identities(before);
  const young = identities(after);
  if (!old || !young) return undefined;
  const kept = [...old].flatMap(([identity, index]) => {
    const there = young.get(identity);
    return there === undefined ? [] : [{ before: index, after: there }];
  });
  const ordered = kept.every((pair, i) => i === 0 || kept[i - 1]!.after < pair.after);
  if (!ordered) return undefined;
  const removed = [...old].filter(([identity]) => !young.has(identity)).map(([, index]) => index);
  const added = [...young].filter(([identity]) => !old.has(identity)).map(([, index]) => index);
  return pairGaps({ kept, removed, added });
}

/** What left and what came in the same gap between kept elements is one element that changed its name. */
function pairGaps({ kept, removed, added }: Alignment): Alignment {
  const gapOf = (side: 'before' | 'after', index: number): number =>
    kept.filter((pair) => pair[side] < index).length;
  const paired: Alignment['kept'] = [];
  for (const before of removed) {
    const taken = new Set(paired.map((pair) => pair.after));
    const after = added.find((i) => !taken.has(i) && gapOf('after', i) === gapOf('before', before));
    if (after !== undefined) paired.push({ before, after });
  }
  return {
    kept: [...kept, ...paired].sort((a, b) => a.before - b.before),
    removed: removed.filter((index) => !paired.some((pair) => pair.before === index)),
    added: added.filter((index) => !paired.some((pair) => pair.after === index)),
  };
}

/** Identity → index, or undefined when an element has none or two share one. */
function identities(list: readonly Json[]): Map<string, number> | undefined {
  const found = new Map<string, number>();
  for (const [index, element] of list.entries()) {
    const identity = identityOf(element);
    if (identity === undefined || found.has(identity)) return undefined;
    found.set(identity, index);
  }
  return found;
}

function identityOf(element: Json): string | undefined {
  if (!isObject(element)) return canonicalize(element);
  const names = naming.find((group) => group.every((name) => element[name] !== undefined));
  return names && canonicalize(names.map((name) => [name, element[name]]));
}

function byPosition(before: number, after: number): Alignment {
  const range = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return {
    kept: range(0, Math.min(before, after)).map((index) => ({ before: index, after: index })),
    removed: range(after, before),
    added: range(before, after),
  };
}
