/** What people write in cells, as the fields of a network say it. */
import { checkDigitOf } from './schema-compiler.ts';
import type { Shape } from './shape.ts';
import { slugOf } from './slug.ts';

/** `value`: a simple one, or the items of a list; `zeros`: the leading zeros a spreadsheet had taken away. */
export type CellContent = { value: string | boolean | string[]; zeros?: true };

/** A cell under a field: what is not understood is left as written, for the schema of the kind to refuse. */
export function cellContent(text: string, shape: Shape | undefined): CellContent {
  if (shape?.type === 'boolean') return { value: truth.get(slugOf(text)) ?? text };
  if (shape?.type === 'list') {
    const items = text.split(/[;,|\n]/).map((one) => one.trim());
    return { value: items.filter(Boolean).map((one) => wordFor(one, shape.item)) };
  }
  const padded = shape && withZeros(text, shape);
  if (padded !== undefined) return { value: padded, zeros: true };
  if (shape?.format === 'partial-date') return { value: isoDate(text) };
  return { value: wordFor(text, shape) };
}

const truth: ReadonlyMap<string, boolean> = new Map([
  ...['oui', 'o', 'vrai', 'true', 'x', '1'].map((word) => [word, true] as const),
  ...['non', 'n', 'faux', 'false', '0'].map((word) => [word, false] as const),
]);

/** `Centre hospitalier` is the word `centre-hospitalier`. */
function wordFor(text: string, shape: Shape | undefined): string {
  if (!shape?.words || shape.words.includes(text)) return text;
  const slug = slugOf(text);
  return shape.words.find((word) => slugOf(word) === slug) ?? text;
}

/**
 * Digits that fit the form only with one or two zeros in front, as spreadsheets drop them from numbers; where the number
 * has a check digit, it must hold too.
 */
function withZeros(text: string, { pattern, format }: Shape): string | undefined {
  if (pattern === undefined || !/^[0-9]+$/.test(text)) return undefined;
  const form = formOf(pattern);
  if (form.test(text)) return undefined;
  const padded = [`0${text}`, `00${text}`].find((one) => form.test(one));
  return padded !== undefined && (checkDigitOf(format, padded) ?? true) ? padded : undefined;
}

const forms = new Map<string, RegExp>();

function formOf(pattern: string): RegExp {
  const known = forms.get(pattern) ?? new RegExp(pattern, 'u');
  forms.set(pattern, known);
  return known;
}

/** `15/01/2024` → `2024-01-15`; `01/2024` → `2024-01`. */
function isoDate(text: string): string {
  const match = /^(?:([0-3]?[0-9])[/.])?([01]?[0-9])[/.]([12][0-9]{3})$/.exec(text);
  if (!match) return text;
  const [, day, month, year] = match;
  return [year, month, day].flatMap((part) => (part === undefined ? [] : [part.padStart(2, '0')])).join('-');
}
