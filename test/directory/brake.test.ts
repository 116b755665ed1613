import { describe, expect, it } from '@jest/globals';
import { brakeIssues, type Reading } from '../../src/directory/brake.ts';

const day = new Date('2026-11-28T00:00:00Z');
const rules = (now: Reading, before: Reading): (string | undefined)[] =>
  brakeIssues(
    { counts: {}, held: 0, issues: [], asOf: day, heldAsOf: day, readings: { now, before } },
    { share: 0.05, freely: 100 },
  ).map(({ rule }) => rule);
const roles = (read: number) => ({ kind: 'PractitionerRole', read });
const people = (read: number) => ({ kind: 'Practitioner', read });

describe('a full reading beside the last one', () => {
  it('of as many records is not taken for a truncated one, however many rows that one read again among dead links', () => {
    const before = { rows: 450_000, totals: [roles(123_000), people(100_000)] };
    expect(rules({ rows: 223_000, totals: [people(100_000), roles(123_000)] }, before)).toEqual([]);
  });

  it('of fewer records waits for a person’s word, however many rows it read again', () => {
    const now = { rows: 450_000, totals: [roles(60_000), people(100_000)] };
    expect(rules(now, { rows: 223_000, totals: [roles(123_000), people(100_000)] })).toEqual([]);
    expect(
      rules(
        { ...now, totals: [roles(60_000), people(60_000)] },
        { rows: 223_000, totals: [roles(123_000), people(100_000)] },
      ),
    ).toEqual(['brake:short']);
  });

  it('is compared by the kinds that both counted: an extract counts people only where all lines were read', () => {
    expect(
      rules(
        { rows: 200_000, totals: [roles(200_000)] },
        { rows: 200_000, totals: [roles(200_000), people(150_000)] },
      ),
    ).toEqual([]);
  });

  it('that counts no records is compared by its rows', () => {
    expect(rules({ rows: 60_000, totals: [] }, { rows: 100_000 })).toEqual(['brake:short']);
    expect(rules({ rows: 80_000, totals: [] }, { rows: 100_000 })).toEqual([]);
  });
});
