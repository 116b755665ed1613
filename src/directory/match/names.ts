/** Names as they are compared: no accents, capitals, titles or short forms; words that many share weigh a quarter. */
import type { MatchRules } from './types.ts';

type NameRules = Pick<MatchRules, 'short' | 'ignored' | 'titles' | 'generic'>;

/** The words of a name that say who is meant, each once, sorted. What stands in brackets counts only when nothing else does. */
export function wordsOf(name: string, rules: NameRules): string[] {
  const outside = name.replaceAll(/\([^()]*\)/g, ' ');
  const found = split(outside, rules);
  return found.length ? found : split(name, rules);
}

function split(text: string, { short, ignored, titles }: NameRules): string[] {
  const plain = text
    .replaceAll(/œ/gi, 'oe')
    .replaceAll(/æ/gi, 'ae')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter(Boolean);
  const long = words.flatMap((word) => (Object.hasOwn(short, word) ? short[word]!.split(' ') : [word]));
  const dropped = new Set([...ignored, ...titles]);
  return [...new Set(long.filter((word) => !dropped.has(word)))].sort();
}

/** How much two names have in common, 0–1: weighted Dice of their words; symmetric, 1 for the same words. */
export function similarity(a: string, b: string, rules: NameRules): number {
  const [left, right] = [wordsOf(a, rules), wordsOf(b, rules)];
  const generic = new Set(rules.generic);
  const weight = (words: readonly string[]): number =>
    words.reduce((sum, word) => sum + (generic.has(word) ? 0.25 : 1), 0);
  const all = weight(left) + weight(right);
  if (all === 0) return 0;
  const other = new Set(right);
  return (2 * weight(left.filter((word) => other.has(word)))) / all;
}
