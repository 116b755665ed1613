/** `folded` of src/fhir/folded.ts in SQL: exactly, or as far as its ASCII letters and digits go, which costs less. */
import { type RawBuilder, sql } from 'kysely';
import { folded as foldedText } from '../fhir/folded.ts';

/** Latin, Greek and Cyrillic: what names in Europe are written in. */
const blocks = [
  [0xc0, 0x24f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
] as const;

/** Letters of one code point that have no mark to lose and another form as `folded`: capitals, mostly. */
const capitals = blocks
  .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)))
  .filter((one) => one.normalize('NFD') === one && foldedText(one) !== one && foldedText(one).length === 1);
const from = capitals.join('');
const to = capitals.map(foldedText).join('');

/** What `folded` makes of a text in the alphabets of Europe; of another alphabet, marks and capitals stay. */
export function folded(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${isAscii(text)} then lower(${text} collate "C") else translate(regexp_replace(
    lower(normalize(${text}, NFD) collate "C"), '[\\u0300-\\u036f]+', '', 'g'), ${sql.lit(from)}, ${sql.lit(to)}) end`;
}

/** What `folded` makes of a text of any alphabet, without all that is not ASCII in it. */
export function foldedAscii(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${isAscii(text)} then lower(${text} collate "C") else regexp_replace(
    lower(normalize(${text}, NFD) collate "C"), '[^\\u0001-\\u007f]+', '', 'g') end`;
}

export function isAscii(text: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`octet_length(${text}) = char_length(${text})`;
}
