import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUtf8 } from '../../src/tabular/decode.ts';

describe('bytes as UTF-8', () => {
  it.each([
    ['a Latin-1 letter', Buffer.from('ab\nc\xe9d', 'latin1'), { offset: 4, line: 2, column: 2 }],
    ['a sequence cut short at the end', Buffer.from([0x61, 0xe2, 0x82]), { offset: 1, line: 1, column: 2 }],
    ['a lone continuation byte', Buffer.from([0x80]), { offset: 0, line: 1, column: 1 }],
    ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), { offset: 1, line: 1, column: 2 }],
    ['a fault after a mark', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]), { offset: 4, line: 1, column: 2 }],
    [
      'a fault after a genuine U+FFFD',
      Buffer.from('\uFFFD\xff', 'utf8').fill(0xff, 3, 4),
      { offset: 3, line: 1, column: 2 },
    ],
  ])('are refused at the first wrong byte: %s', (_, bytes, invalidAt) => {
    expect(decodeUtf8(bytes)).toEqual({ invalidAt });
  });

  it('give back any text', () => {
    const property = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeUtf8(new TextEncoder().encode(text))).toEqual({ text: text.replace(/^\uFEFF/, '') });
    });
    fc.assert(property);
  });
});
