import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCells } from '../../../src/directory/files/cells.ts';
import { addToDigest, beginDigest, digestOf, endDigest } from '../../../src/directory/files/digest.ts';

const cell = fc
  .oneof(fc.string(), fc.constantFrom('', ' ', ' é ', 'Zoé Élise'))
  .map((text) => text.replaceAll('|', ''));

describe('the digest of cells', () => {
  it('is that of their texts, spaces around them left out, however the line was laid out (property)', () => {
    const cells = createCells('|');
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1 }),
        fc.array(fc.integer({ min: -1, max: 12 })),
        (line, columns) => {
          cells.lay(line.join('|'));
          const state = beginDigest();
          for (const column of columns) {
            cells.digest(column, state);
            addToDigest(state, '|');
          }
          const texts = columns.map((column) => `${cells.at(column)}|`);
          expect(endDigest(state)).toEqual(digestOf(texts.join('')));
          expect(columns.map((column) => cells.at(column))).toEqual(
            columns.map((column) => (line[column] ?? '').trim()),
          );
        },
      ),
    );
  });
});
