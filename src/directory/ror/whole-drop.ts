/**
 * Whether the slices read are all of an export. The format names neither a manifest nor a number of slices, so that what can
 * be known is taken for proof: the files did not change while they were read, and numbers in their names leave none out.
 */
import { type FoundFile, newestFiles } from '../files/find-file.ts';

/** Why they are not, in French; undefined when nothing speaks against it. */
export async function whyPartial(
  patterns: readonly string[],
  read: readonly FoundFile[],
): Promise<string | undefined> {
  const now = await newestFiles(patterns).catch(() => []);
  if (stampOf(now) !== stampOf(read))
    return 'des tranches ont été déposées ou changées pendant la lecture : le dépôt n’était pas fini.';
  const gap = missingNumber(read.map(({ name }) => name));
  return gap === undefined ? undefined : `la tranche ${gap} manque, d’après les numéros dans leurs noms.`;
}

/** Names, sizes and dates of files as one text. */
export function stampOf(files: readonly FoundFile[]): string {
  return files.map(({ name, bytes, modified }) => `${name} ${bytes} ${modified.toISOString()}\n`).join('');
}

/** Names that differ by one number, counted from 0 or 1: the first number that none of them has. */
function missingNumber(names: readonly string[]): number | undefined {
  const parts = names.map((name) => name.split(/(\d+)/));
  const [first = []] = parts;
  if (names.length < 2 || parts.some(({ length }) => length !== first.length)) return undefined;
  const varying = first.flatMap((text, at) => (parts.every((one) => one[at] === text) ? [] : [at]));
  const [place] = varying;
  if (place === undefined || varying.length > 1 || place % 2 === 0) return undefined;
  const numbers = new Set(parts.map((one) => Number(one[place])));
  const from = Math.min(...numbers);
  if (from > 1) return undefined; // times, not a numbering
  for (let number = from; number < from + numbers.size; number += 1) if (!numbers.has(number)) return number;
  return undefined;
}
