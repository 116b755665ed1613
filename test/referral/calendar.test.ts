import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueAt, easterSunday, isWorkingDay } from '../../src/referral/calendar.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';

const { clocks: calendar } = readExchangeRules('mappings');
const due = (start: string, within: Parameters<typeof dueAt>[1]): string =>
  new Date(dueAt(Date.parse(start), within, calendar)).toISOString();

describe('Easter Sunday', () => {
  it.each([
    [1961, 4, 2],
    [2000, 4, 23],
    [2024, 3, 31],
    [2025, 4, 20],
    [2026, 4, 5],
    [2038, 4, 25],
    [2285, 3, 22],
  ])('of %d is %d-%d', (year, month, day) => {
    expect(easterSunday(year)).toEqual({ year, month, day });
  });

  it('is a Sunday between 22 March and 25 April', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2999 }), (year) => {
        const { month, day } = easterSunday(year);
        const at = new Date(Date.UTC(year, month - 1, day));
        expect(at.getUTCDay()).toBe(0);
        expect(month * 100 + day).toBeGreaterThanOrEqual(322);
        expect(month * 100 + day).toBeLessThanOrEqual(425);
      }),
    );
  });
});

describe('a working day', () => {
  it.each([
    ['Monday', 2026, 11, 30, true],
    ['Saturday', 2026, 11, 28, false],
    ['Easter Monday', 2026, 4, 6, false],
    ['Ascension', 2026, 5, 14, false],
    ['Whit Monday', 2026, 5, 25, false],
    ['14 July', 2026, 7, 14, false],
    ['Good Friday, a holiday in Alsace and Moselle only', 2026, 4, 3, true],
  ])('%s', (_name, year, month, day, working) => {
    expect(isWorkingDay({ year, month, day }, calendar.holidays)).toBe(working);
  });
});

describe('a due time', () => {
  it('runs in hours through nights and the change of the clock', () => {
    expect(due('2026-03-28T12:00:00Z', { hours: 24 })).toBe('2026-03-29T12:00:00.000Z');
  });

  it('ends at midnight in Paris of the n-th working day, in summer and in winter', () => {
    expect(due('2026-11-26T15:00:00Z', { workingDays: 2 })).toBe('2026-11-30T23:00:00.000Z');
    expect(due('2026-07-09T08:00:00Z', { workingDays: 2 })).toBe('2026-07-13T22:00:00.000Z');
  });

  it('is ten years away at the most, whatever was published before longer ones were refused', () => {
    const start = '2026-11-30T12:00:00Z';
    expect(due(start, { days: 999_999_999 })).toBe(due(start, { days: 3660 }));
    expect(due(start, { workingDays: 9999 })).toBe(due(start, { workingDays: 3660 }));
    expect(due(start, { hours: 1e15 })).toBe(due(start, { hours: 3660 * 24 }));
  });

  it('steps over weekends and holidays: the Thursday of Ascension, two working days later', () => {
    expect(due('2026-05-13T08:00:00Z', { workingDays: 2 })).toBe('2026-05-18T22:00:00.000Z');
  });

  it('counts the day by the clock of the zone: late on Sunday in London is Monday in Paris', () => {
    expect(due('2026-11-29T23:30:00Z', { days: 1 })).toBe('2026-12-01T23:00:00.000Z');
  });

  it('lasts from one change of the clock to the other', () => {
    expect(due('2026-10-24T10:00:00Z', { days: 1 })).toBe('2026-10-25T23:00:00.000Z');
    expect(due('2026-03-28T10:00:00Z', { days: 1 })).toBe('2026-03-29T22:00:00.000Z');
  });

  it('never comes before what begins later, and n working days never before n days', () => {
    const moment = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') });
    fc.assert(
      fc.property(moment, moment, fc.integer({ min: 0, max: 40 }), (a, b, workingDays) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        const at = (start: number): number => dueAt(start, { workingDays }, calendar);
        expect(at(early)).toBeLessThanOrEqual(at(late));
        expect(at(early)).toBeGreaterThanOrEqual(dueAt(early, { days: workingDays }, calendar));
        expect(at(early)).toBeGreaterThan(early);
      }),
    );
  });

  it('refuses a rule that is a mistake', () => {
    expect(() => dueAt(0, { workingDays: Number.NaN }, calendar)).toThrow(RangeError);
  });
});
