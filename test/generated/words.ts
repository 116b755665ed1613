/** Words and numbers of invented networks: French letters, marks that must be escaped somewhere, fictive identifiers. */
import fc from 'fast-check';
import { luhnDigit } from '../../src/fhir/identifiers.ts';

const word = fc.constantFrom(
  ...[
    'Centre',
    'hospitalier',
    'clinique',
    'maison',
    'réseau',
    'équipe',
    'somatique',
    'Île',
    'l’Étang',
    "l'Europe",
  ],
  ...[
    'Saint-Rémy',
    'Œuvre',
    'Noël',
    'Hélène',
    'aigüe',
    'ça',
    'À',
    '«',
    '»',
    '&',
    '<',
    '>',
    '"',
    '%',
    '#',
    '|',
    '\\',
  ],
  ...[
    'A+B',
    'IMC < 40',
    '50 €',
    '(inventé)',
    'n° 3',
    'oui',
    'null',
    '0123',
    '2024-01-01',
    ':',
    '-',
    '@',
    '日本',
    '🩺',
  ],
);

/** One line of words, never blank at its ends, at most `most` characters. */
export function line(most: number): fc.Arbitrary<string> {
  const free = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const readable = free.map((text) => text.replace(/[\p{C}\s]/gu, '')).filter((text) => text !== '');
  return fc
    .array(fc.oneof({ weight: 12, arbitrary: word }, { weight: 1, arbitrary: readable }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((words) => [...words.join(' ')].slice(0, most).join('').trim().slice(0, most))
    .filter((text) => text !== '');
}

const digits = (count: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((value) => String(value).padStart(count, '0'));

const withLuhn = (prefix: string, free: number): fc.Arbitrary<string> =>
  digits(free).map((body) => `${prefix}${body}${luhnDigit(prefix + body)}`);

const date = fc
  .tuple(
    fc.integer({ min: 2015, max: 2030 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')));

/** Values of the formats that schemas of kinds use; fictive ranges only (french-standards §6). */
export const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  finess: withLuhn('99', 6),
  rpps: withLuhn('109', 7),
  siren: withLuhn('999', 5),
  'partial-date': fc.oneof(
    { weight: 6, arbitrary: date.map((parts) => parts.join('-')) },
    { weight: 1, arbitrary: date.map((parts) => parts.slice(0, 2).join('-')) },
    { weight: 1, arbitrary: date.map(([year]) => year!) },
  ),
};
