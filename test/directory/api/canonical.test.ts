import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalText } from '../../../src/directory/api/canonical.ts';

describe('the canonical text of what a directory answers', () => {
  it('is the one of RFC 8785, as the library writes it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  it('has members named by numbers in the order of their text, and escapes that are text already', () => {
    for (const value of [{ b: { 10: 1, 9: 2, a: 3 } }, { a: 'voir \\ud800', é: 1, z: -0 }])
      expect(canonicalText(value)).toBe(canonicalize(value));
  });

  it('refuses half of a character, as the library does', () => {
    expect(() => canonicalText({ name: 'a\ud83d' })).toThrow('surrogate');
  });
});
