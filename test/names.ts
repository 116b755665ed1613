/** Names as fast-check draws them: of people and places in any alphabet, with signs between their parts. */
import fc from 'fast-check';

const european = [
  ...'aezAEZ09éÉèçÇœŒæÆïÿŸñßẞłŁđĐøØåÅşŞığİžŽőŰþÞ',
  ...'αΑάΆϊσςΣωΏλΛ',
  ...'йЙёЁщЩіЇ',
  ...['e\u0301', 'I\u0307', 'S\u0327', 'ậ', 'Ệ'],
];
const signs = [...' -.,\'’"\\/|%_()&'];
const others = [...'אبあ山𝒜ﬁK', 'ش\u064b', 'क\u093f', 'a\u20d7b', 'ǅ'];

function texts(letters: readonly string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...letters) }, fc.constantFrom(...signs)), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts) => parts.join(''));
}

export const europeanNames = texts(european);
export const names = fc.oneof(
  texts([...european, ...others]),
  fc.string({ unit: 'grapheme', minLength: 1 }).map(clean),
);

/** PostgreSQL stores neither U+0000 nor half a character. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '') || 'x';
}
