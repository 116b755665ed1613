import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { compileCalendar } from '../../src/schedule/occasions.ts';

const paris = 'Europe/Paris';

function between(cron: string, after: string, until: string, zone = paris): string[] {
  return compileCalendar(cron, zone)
    .between(new Date(after), new Date(until))
    .map((date) => date.toISOString().replace(':00.000Z', 'Z'));
}

describe('the occasions of a schedule', () => {
  it('are times of the wall clock, in summer and in winter', () => {
    expect(between('30 2 * * *', '2026-07-01T00:00Z', '2026-07-02T12:00Z')).toEqual([
      '2026-07-01T00:30Z',
      '2026-07-02T00:30Z',
    ]);
    expect(between('30 2 * * *', '2026-12-01T00:00Z', '2026-12-01T12:00Z')).toEqual(['2026-12-01T01:30Z']);
  });

  it('begin after the first instant and include the last', () => {
    expect(between('30 2 * * *', '2026-07-01T00:30Z', '2026-07-02T00:30Z')).toEqual(['2026-07-02T00:30Z']);
    expect(between('30 2 * * *', '2026-07-02T00:30Z', '2026-07-01T00:30Z')).toEqual([]);
  });

  it('happen once in the spring night that has no half past two (P-34)', () => {
    expect(between('30 2 * * *', '2026-03-28T12:00Z', '2026-03-30T12:00Z')).toEqual([
      '2026-03-29T01:30Z', // 03:30 of summer time: as far behind the change as 02:30 lies in the gap
      '2026-03-30T00:30Z',
    ]);
  });

  it('happen once in the autumn night that has half past two twice (P-34)', () => {
    expect(between('30 2 * * *', '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T00:30Z', // the first of the two
      '2026-10-26T01:30Z',
    ]);
  });

  it('go on every quarter of an hour through both changes', () => {
    const spring = between('*/15 * * * *', '2026-03-29T00:00Z', '2026-03-29T03:00Z');
    const autumn = between('*/15 * * * *', '2026-10-25T00:00Z', '2026-10-25T03:00Z');
    expect([spring.length, autumn.length]).toEqual([12, 12]);
  });

  it('that fall together in the spring gap are one', () => {
    expect(between('30 2,3 * * *', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual(['2026-03-29T01:30Z']);
  });

  it('follow names, ranges, steps, last days and weekdays', () => {
    expect(between('0 8-18/5 * JAN mon', '2026-01-04T12:00Z', '2026-01-05T23:00Z')).toEqual([
      '2026-01-05T07:00Z',
      '2026-01-05T12:00Z',
      '2026-01-05T17:00Z',
    ]);
    expect(between('0 0 L 2 *', '2028-01-01T00:00Z', '2028-12-31T00:00Z')).toEqual(['2028-02-28T23:00Z']);
  });

  it('know the next one, however far, and that there is none', () => {
    const leap = compileCalendar('0 12 29 2 *', paris);
    expect(leap.next(new Date('2096-03-01T00:00Z'))?.toISOString()).toBe('2104-02-29T11:00:00.000Z');
    expect(compileCalendar('0 12 30 * 2#1', paris).next(new Date('2026-01-01T00:00Z'))).toBeUndefined();
  });

  it.each([
    '',
    '* * * *',
    '0 0 2 * * *',
    '60 2 * * *',
    '0 24 * * *',
    'x 2 * * *',
    '@daily',
    '0 2 * * 9',
    '0 2 31 2 *',
  ])('refuse the expression "%s" with an example of a good one', (cron) => {
    expect(() => compileCalendar(cron, paris)).toThrow(
      expect.objectContaining({ category: 'invalid', message: expect.stringContaining('30 2 * * *') }),
    );
  });

  it('refuse an unknown time zone', () => {
    expect(() => compileCalendar('30 2 * * *', 'Europe/Lutece')).toThrow('Fuseau horaire « Europe/Lutece »');
  });

  const zones = fc.constantFrom(
    paris,
    'America/Cayenne',
    'Indian/Reunion',
    'Pacific/Noumea',
    'Australia/Lord_Howe',
  );
  const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

  it('of a nightly job are one a day, in every zone and every week', () => {
    fc.assert(
      fc.property(zones, instants, fc.nat(23), fc.nat(59), (zone, start, hour, minute) => {
        const week = compileCalendar(`${minute} ${hour} * * *`, zone).between(
          new Date(start),
          new Date(start + 7 * 86_400_000),
        );
        expect(week.length).toBeGreaterThanOrEqual(6);
        expect(week.length).toBeLessThanOrEqual(8);
        const days = new Set(week.map((at) => at.toLocaleDateString('fr-FR', { timeZone: zone })));
        expect(days.size).toBe(week.length);
      }),
      { numRuns: 50 },
    );
  });

  it('do not depend on where a period is cut', () => {
    fc.assert(
      fc.property(zones, instants, fc.nat(5 * 86_400_000), (zone, start, length) => {
        const calendar = compileCalendar('*/20 1-4 * * *', zone);
        const found = (after: Date, until: Date) => calendar.between(after, until);
        const [from, cut, to] = [start, start + Math.floor(length / 3), start + length].map(
          (at) => new Date(at),
        );
        expect([...found(from!, cut!), ...found(cut!, to!)]).toEqual(found(from!, to!));
      }),
      { numRuns: 50 },
    );
  });

  it('are those that node-cron would trigger, where no clock is moved', () => {
    const crons = fc.constantFrom('*/7 * * * *', '5 4 * * 1-5', '0 0 1,15 * *', '30 6 L * *', '15 9 * * 1#2');
    fc.assert(
      fc.property(crons, fc.integer({ min: Date.UTC(2026, 4), max: Date.UTC(2026, 8) }), (cron, start) => {
        const [first] = compileCalendar(cron, paris).between(
          new Date(start),
          new Date(start + 40 * 86_400_000),
        );
        const task = createTask(cron, () => undefined, { timezone: paris });
        void task.destroy();
        expect(first && task.match(first)).toBe(true);
        expect(first).toEqual(compileCalendar(cron, paris).next(new Date(start)));
      }),
      { numRuns: 30 },
    );
  });
});
