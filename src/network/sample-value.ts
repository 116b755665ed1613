/** A value for a field that nobody has filled yet: of the form its schema asks for, and easy to recognise. */
import { luhnDigit } from '../fhir/identifiers.ts';
import type { Shape } from './shape.ts';

/** How texts that are still to be written begin; a check mentions each one that is left. */
export const placeholder = 'À compléter';
/** The same in identifiers and addresses. */
const placeholderWord = 'a-completer';
/** FINESS, RPPS and SIREN of starter files: ranges that are given to nobody. */
const placeholderNumbers: Readonly<Record<string, { prefix: string; length: number }>> = {
  finess: { prefix: '995500', length: 9 },
  rpps: { prefix: '10999910', length: 11 },
  siren: { prefix: '9990000', length: 9 },
};

/** Does a value come from a starter file as it was? */
export function isPlaceholder(value: string): boolean {
  if (value.startsWith(placeholder) || value.startsWith(placeholderWord)) return true;
  return Object.values(placeholderNumbers).some(
    ({ prefix, length }) => value.length === length && value.startsWith(prefix),
  );
}

/** Shapes of texts that schemas ask for by a pattern; a schema with another gives `examples` itself. */
const candidates = [
  placeholder,
  placeholderWord,
  '00000',
  '00',
  `${placeholderWord}@exemple.fr`,
  '2024',
  '1',
  '12:00',
  'P1D',
  'https://exemple.fr',
];

/** The text for the `n`-th use (1, 2, …) of its format in a file made on a day (`YYYY-MM-DD`). */
export function sampleText(shape: Shape, n: number, day: string): string {
  if (shape.examples[0] !== undefined) return shape.examples[0];
  if (shape.words) return shape.words[0] ?? placeholder;
  if (shape.format === 'partial-date') return day;
  const number = placeholderNumbers[shape.format ?? ''];
  if (number) {
    const free = number.length - number.prefix.length - 1;
    const body = number.prefix + String(n % 10 ** free).padStart(free, '0');
    return body + luhnDigit(body);
  }
  const { pattern } = shape;
  if (pattern === undefined) return placeholder;
  return candidates.find((one) => new RegExp(pattern, 'u').test(one)) ?? placeholder;
}
