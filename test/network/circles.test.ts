/** A circle of sites is told whole and once, however long it is. */
import { describe, expect, it } from '@jest/globals';
import { noCircle } from '../../src/network/relation-rules.ts';

const rule = {
  rule: 'no-circle' as const,
  id: 'circle',
  list: 'sites',
  by: 'parent',
  message: '{value}',
};

/** Sites that each depend on the next, the last on the one at `back`. */
const sites = (count: number, back: number | undefined): { id: string; parent?: string }[] =>
  Array.from({ length: count }, (_, index) => {
    const parent = index < count - 1 ? index + 1 : back;
    return { id: `site-${index}`, ...(parent === undefined ? {} : { parent: `site-${parent}` }) };
  });

describe('a circle of sites', () => {
  it.each([1, 2, 64, 65, 200, 5000])('of %i is told once, at its first item', (count) => {
    expect(noCircle({ sites: sites(count, 0) }, rule, '2026-11-22')).toEqual([
      { pointer: '/sites/0/parent', value: count === 1 ? 'site-0' : 'site-1' },
    ]);
  });

  it('that others only lead to is told at its own first item, and a chain is none', () => {
    expect(noCircle({ sites: sites(300, 200) }, rule, '2026-11-22')).toEqual([
      { pointer: '/sites/200/parent', value: 'site-201' },
    ]);
    expect(noCircle({ sites: sites(300, undefined) }, rule, '2026-11-22')).toEqual([]);
  });
});
