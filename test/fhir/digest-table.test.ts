import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DigestTable } from '../../src/fhir/digest-table.ts';

describe('a table of digests', () => {
  it('knows every content it was given, with the number of its first time, as it grows', () => {
    const table = new DigestTable();
    for (let n = 1; n <= 20_000; n += 1) expect(table.add(`content ${n}`, n)).toBeUndefined();
    for (let n = 20_000; n >= 1; n -= 1) expect(table.add(`content ${n}`, 7)).toBe(n);
  });

  it('answers as a map would', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer({ min: 1 }))), (added) => {
        const [table, map] = [new DigestTable(), new Map<string, number>()];
        for (const [content, number] of added) {
          expect(table.add(content, number)).toBe(map.get(content));
          if (!map.has(content)) map.set(content, number);
        }
      }),
    );
  });
});
