import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  splitAlternatives,
  tokenPattern,
  unescape,
  updatedCriterion,
} from '../../src/api/fhir/search-values.ts';

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

  it.each(['', 'sa2026', '26', '2026-1', '2026-02-30T', '2026-11-22T25:00', 'ge'])(
    'refuse %p as an instant',
    (value) => expect(() => updatedCriterion(value)).toThrow(/illisible/),
  );
});
