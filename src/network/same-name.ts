/** Could two names of establishments be one name written twice? Words are compared, not letters alone. */
import { distanceBetween } from './closest.ts';
import { slugOf } from './slug.ts';

/** Abbreviations of signs and lists, as the words they stand for. */
const abbreviations = new Map(
  Object.entries({
    ch: 'centre hospitalier',
    chi: 'centre hospitalier intercommunal',
    chr: 'centre hospitalier regional',
    chu: 'centre hospitalier universitaire',
    chs: 'centre hospitalier specialise',
    hp: 'hopital prive',
    hop: 'hopital',
    clin: 'clinique',
    ctre: 'centre',
    st: 'saint',
    ste: 'sainte',
  }),
);

const smallWords: ReadonlySet<string> = new Set([
  ...['a', 'au', 'aux', 'd', 'de', 'des', 'du', 'en', 'et', 'l', 'la', 'le', 'les', 'sur'],
]);

/** The words of a name that tell it from others, in the order of the alphabet. */
export function wordsOf(name: string): string[] {
  return slugOf(name)
    .split('-')
    .flatMap((word) => (abbreviations.get(word) ?? word).split(' '))
    .filter((word) => word !== '' && !smallWords.has(word))
    .sort();
}

/** The same words, or all but one or two that differ by a slip of the pen; numbers and short words must be the same. */
export function nearlySame(a: readonly string[], b: readonly string[]): boolean {
  const onlyA = without(a, b);
  const onlyB = without(b, a);
  if (onlyA.length !== onlyB.length || onlyA.length > 2 || onlyA.length >= a.length)
    return onlyA.length + onlyB.length === 0;
  return onlyA.every((word, index) => isSlip(word, onlyB[index]!));
}

function isSlip(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  if (length < 4 || /[0-9]/.test(a + b)) return false;
  return distanceBetween(a, b) <= (length < 8 ? 1 : 2);
}

function without(words: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return words.filter((word) => {
    const index = left.indexOf(word);
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}
