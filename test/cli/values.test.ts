import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { day, wholeNumber } from '../../src/cli/values.ts';

describe('values of options', () => {
  it('a day is one of the calendar, written as it is', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const text = date.toISOString().slice(0, 10);
        expect(day(text)).toBe(text);
      }),
    );
  });

  it.each(['', 'demain', '2026-02-29', '2026-13-01', '2026-1-1', '01/02/2026', '2026-01-01T00:00'])(
    '%j is no day',
    (text) => {
      expect(() => day(text)).toThrow('un jour du calendrier est attendu');
    },
  );

  it('a whole number is within its bounds, both included', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), (value) => {
        const read = () => wholeNumber(1, 20)(String(value));
        if (value >= 1 && value <= 20) expect(read()).toBe(value);
        else expect(read).toThrow('un nombre entier de 1 à 20 est attendu');
      }),
    );
  });

  it.each(['', ' ', '1.5', '1e3', '0x10', 'dix', '99999999999999999999'])('%j is no whole number', (text) => {
    expect(() => wholeNumber(0)(text)).toThrow('un nombre entier à partir de 0');
  });
});
