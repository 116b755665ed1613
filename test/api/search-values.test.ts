import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodMatches, readSearchDate, updatedCriterion } from '../../src/api/fhir/search-dates.ts';
import { splitAlternatives, tokenPattern, unescape } from '../../src/api/fhir/search-values.ts';

const escape = (text: string): string => text.replace(/[,|$\\]/g, '\\$&');

describe('values of search parameters', () => {
  it('come back from their escaped form, however they are joined', () => {
    const value = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const parts = splitAlternatives(values.map(escape).join(','));
        expect(parts.map(unescape)).toEqual(values);
      }),
    );
  });

  it('make tokens of systems and values with bars in them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (system, value) => {
        expect(tokenPattern(`${escape(system)}|${escape(value)}`, 'value')).toEqual({ system, value });
        expect(tokenPattern(escape(value), 'code')).toEqual({ code: value });
      }),
    );
    expect(tokenPattern('urn:x|', 'code')).toEqual({ system: 'urn:x' });
    expect(() => tokenPattern('|x', 'code')).toThrow(/Jeton/);
  });

  it.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['2026-11-22T10:05', '2026-11-22T10:05:00.000Z', '2026-11-22T10:06:00.000Z'],
    ['2026-11-22T10:05:09+01:00', '2026-11-22T09:05:09.000Z', '2026-11-22T09:05:10.000Z'],
    ['2026-11-22T10:05:09.250Z', '2026-11-22T10:05:09.250Z', '2026-11-22T10:05:09.251Z'],
  ])('%s names the whole period of its precision', (value, from, until) => {
    expect(updatedCriterion(value)).toEqual({
      kind: 'updated',
      from: new Date(from),
      until: new Date(until),
    });
  });

  it.each(['', 'ap2026', '26', '2026-1', '2026-02-30T', '2026-11-22T25:00', 'ge'])(
    'refuse %p as an instant',
    (value) => expect(() => updatedCriterion(value)).toThrow(/illisible/),
  );

  it('take sa and eb of an instant as gt and lt (MCSD-02)', () => {
    expect(updatedCriterion('sa2026-11')).toEqual(updatedCriterion('gt2026-11'));
    expect(updatedCriterion('eb2026-11')).toEqual(updatedCriterion('lt2026-11'));
  });

  const period = { start: '2026-03', end: '2026-06-30' };
  it.each([
    ['eq2026', true],
    ['eq2026-04', false],
    ['ne2026-04', true],
    ['ge2026-06-30', true],
    ['ge2026-07', false],
    ['gt2026-06-29', true],
    ['gt2026-06-30', false],
    ['le2026-03-01', true],
    ['lt2026-03-01', false],
    ['lt2026-03-02', true],
    ['sa2026-02', true],
    ['sa2026-03', false],
    ['eb2026-07-01', true],
    ['eb2026-06-30', false],
  ])('hold a period of March to June 2026 against %s: %s', (value, expected) => {
    expect(periodMatches(period, readSearchDate(value, 'date'))).toBe(expected);
  });

  it('take an absent end of a period as open', () => {
    expect(periodMatches({ start: '2026' }, readSearchDate('ge2099', 'date'))).toBe(true);
    expect(periodMatches({}, readSearchDate('eq2026', 'date'))).toBe(false);
  });
});
