import { describe, expect, it } from '@jest/globals';
import { chanceOfDead, isWorthFollowing } from '../../../src/directory/annuaire/chances.ts';
import { createCodes } from '../../../src/directory/annuaire/codes.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';

describe('a search that meets dead links (P-5)', () => {
  it('is followed as long as none has died', () => {
    expect(isWorthFollowing(10_000, 2, { followed: 0, dead: 0 })).toBe(true);
  });

  it('of few links is followed, of many shared out, where one in forty dies', () => {
    const met = { followed: 1000, dead: 25 };
    expect(chanceOfDead(met)).toBeCloseTo(0.024);
    expect(isWorthFollowing(10, 46, met)).toBe(true);
    expect(isWorthFollowing(100, 136, met)).toBe(false);
    expect(isWorthFollowing(60, 63, met)).toBe(false);
  });

  it('is followed all the same where its parts would be a list of persons each', () => {
    expect(isWorthFollowing(60, 1800, { followed: 1000, dead: 25 })).toBe(true);
  });

  it('is not taken for hopeless because the first link died', () => {
    expect(isWorthFollowing(5, 41, { followed: 0, dead: 1 })).toBe(true);
  });
});

describe('codes met, by which a search is shared out', () => {
  const role = (...codes: [string, string][]): AnyResource => ({
    resourceType: 'PractitionerRole',
    code: codes.map(([system, code]) => ({ coding: [{ system, code }] })),
  });

  it('are those of one system at a time, first the one with the smallest largest part', () => {
    const codes = createCodes();
    const rows = ['A', 'B', 'C', 'A', 'B', 'C'].map((one, at) =>
      role(['genre', 'G'], ['mode', at < 5 ? 'L' : 'S'], ['function', one]),
    );
    for (const row of rows) codes.note('PractitionerRole', row);
    expect(codes.lists('PractitionerRole')).toEqual([
      { parameter: 'role', system: 'function', codes: ['A', 'B', 'C'], largest: 2 },
      { parameter: 'role', system: 'mode', codes: ['L', 'S'], largest: 5 },
    ]);
  });

  it('leave out a system that few of the rows have, and one without end', () => {
    const codes = createCodes();
    for (let at = 0; at < 100; at += 1)
      codes.note(
        'PractitionerRole',
        role(['many', `M${at}`], ...(at < 50 ? [['half', `H${at % 2}`] as [string, string]] : [])),
      );
    expect(codes.lists('PractitionerRole')).toEqual([]);
  });
});
