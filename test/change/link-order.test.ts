import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyLinks } from '../../src/change/links.ts';
import { inLinkOrder, inParts } from '../../src/change/link-order.ts';
import { owned, to } from '../publish/networks.ts';

/** Organisations that point to each other at random, circles included. */
const resources = fc
  .array(fc.array(fc.nat(14), { maxLength: 3 }), { minLength: 1, maxLength: 15 })
  .map((links) =>
    links.map((targets, i) =>
      owned('Organization', `o${i}`, {
        extension: targets.map((target) => ({ valueReference: to('Organization', `o${target}`) })),
      }),
    ),
  );

describe('inLinkOrder', () => {
  it('lets every link point into its own group or an earlier one, and loses nothing', () => {
    fc.assert(
      fc.property(resources, (all) => {
        const groups = inLinkOrder(all);
        expect(
          groups
            .flat()
            .map((one) => one.key)
            .sort(),
        ).toEqual(all.map((one) => one.key).sort());
        const place = new Map(groups.flatMap((group, i) => group.map((one) => [one.key, i] as const)));
        for (const one of all)
          for (const link of keyLinks(one.body))
            if (place.has(link.key)) expect(place.get(link.key)!).toBeLessThanOrEqual(place.get(one.key)!);
      }),
    );
  });

  it('does not depend on the order of what it is given', () => {
    fc.assert(
      fc.property(resources, (all) => {
        expect(inLinkOrder([...all].reverse())).toEqual(inLinkOrder(all));
      }),
    );
  });
});

describe('inParts', () => {
  it('keeps groups whole, in order, within the size; only a longer group is cut', () => {
    const groups = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), { maxLength: 20 });
    fc.assert(
      fc.property(groups, (all) => {
        const parts = inParts(all, 4);
        expect(parts.flat()).toEqual(all.flat());
        expect(parts.every((part) => part.length <= 4)).toBe(true);
      }),
    );
    expect(inParts([[1, 2], [3, 4, 5], [6]], 4)).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
  });
});
