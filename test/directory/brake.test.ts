import { describe, expect, it } from '@jest/globals';
import type { SyncCounts } from '../../src/directory-operations.ts';
import { brakeIssues, type Reading } from '../../src/directory/brake.ts';
import { noCounts } from '../../src/directory/run-summary.ts';

const day = new Date('2026-11-28T00:00:00Z');
const rules = (now: Reading, before: Reading): (string | undefined)[] =>
  brakeIssues(
    { counts: {}, held: {}, issues: [], asOf: day, heldAsOf: day, readings: { now, before } },
    { share: 0.05, freely: 100 },
  ).map(({ rule }) => rule);
const roles = (read: number) => ({ kind: 'PractitionerRole', read });
const people = (read: number) => ({ kind: 'Practitioner', read });

describe('what comes in beside what is held', () => {
  const incoming = (kind: string, counted: Partial<SyncCounts>, grown = true): (string | undefined)[] =>
    brakeIssues(
      {
        ...{
          counts: { [kind]: { ...noCounts, ...counted } },
          held: { Practitioner: 1000, Device: 0 },
          grown,
        },
        ...{ issues: [], asOf: day, heldAsOf: day },
      },
      { share: 0.05, freely: 100 },
    ).map(({ rule }) => rule);

  it('waits for a person’s word when it is half as many again: a doubled file, or somebody else’s', () => {
    expect(incoming('Practitioner', { created: 500 })).toEqual(['brake:growth']);
    expect(incoming('Practitioner', { created: 200, reopened: 200 })).toEqual(['brake:growth']);
  });

  it('is taken while it is what a directory grows by, or few', () => {
    expect(incoming('Practitioner', { created: 300 })).toEqual([]);
    expect(
      brakeIssues(
        {
          ...{ counts: { Device: { ...noCounts, created: 100 } }, held: { Device: 3 }, grown: true },
          ...{ issues: [], asOf: day, heldAsOf: day },
        },
        { share: 0.05, freely: 100 },
      ),
    ).toEqual([]);
  });

  it('is taken where the kind is new at the source, or no reading was complete yet', () => {
    expect(incoming('Device', { created: 5000 })).toEqual([]);
    expect(incoming('Practitioner', { created: 5000 }, false)).toEqual([]);
  });
});

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
