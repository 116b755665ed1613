import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { itemsAt } from '../../src/network/items.ts';
import { PackedRows } from '../../src/network/packed-rows.ts';

const rows = fc.array(
  fc.dictionary(fc.constantFrom('id', 'nom', 'debut', 'parent'), fc.jsonValue() as fc.Arbitrary<Json>, {
    noNullPrototype: true,
  }),
);

const packed = (some: readonly JsonObject[]): PackedRows => {
  const all = new PackedRows();
  for (const row of some) all.add(row);
  return all;
};

/** As JSON has it: `-0` is `0`. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('rows that are packed', () => {
  it('are read as the list they were', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const list = packed(some).asList();
        expect(Array.isArray(list)).toBe(true);
        expect(list.map((row) => row)).toEqual(plain(some));
        expect([...list]).toEqual(plain(some));
        expect(list[some.length]).toBeUndefined();
        expect(itemsAt({ list }, 'list').map(({ pointer, value }) => [pointer, value])).toEqual(
          plain(some).map((row, index) => [`/list/${index}`, row]),
        );
      }),
    );
  });

  it('keep values that no other row has, beyond those looked up', () => {
    const some = Array.from({ length: 8_000 }, (_, n) => ({
      id: `p-${n}`,
      nom: `Établissement « ${n} »`,
      n,
    }));
    const all = packed(some);
    expect([0, 1_700, 4_999, 7_999].map((n) => all.at(n))).toEqual(
      [0, 1_700, 4_999, 7_999].map((n) => some[n]),
    );
  });
});
