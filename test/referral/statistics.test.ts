import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnyResource } from '../../src/fhir/types.ts';
import { measureReports } from '../../src/referral/measure-report.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import { countNames, statisticsOf } from '../../src/referral/statistics.ts';
import type { ReferralEvent } from '../../src/store/referrals.ts';
import { testValidator } from '../validator.ts';

const { statistics: rules } = readExchangeRules('mappings');

function ledger(...lines: [day: string, kind: string, detail?: object][]): ReferralEvent[] {
  return lines.map(([day, kind, detail = {}], index) => ({
    ...{ seq: index + 1, at: new Date(`2026-${day}T09:00:00Z`), kind, actor: 'x' },
    detail: detail as ReferralEvent['detail'],
  }));
}

const whole = ledger(
  ['09-01', 'accepted'],
  ['09-01', 'relayed'],
  ['09-03', 'task', { from: 'requested', to: 'accepted' }],
  ['09-03', 'plan-started', { steps: [] }],
  ['09-07', 'consultation', { step: 'c.1' }],
  ['09-14', 'consultation', { step: 'c.2' }],
  ['09-15', 'performer-named', { step: 'o' }],
  ['09-20', 'document-delivered', { document: 'd', server: 'a' }],
  ['09-20', 'document-delivered', { document: 'd', server: 'b' }],
  ['09-21', 'completed'],
);
const refused = ledger(['09-01', 'accepted'], ['09-02', 'task', { from: 'requested', to: 'rejected' }]);
const stopped = ledger(
  ['09-01', 'accepted'],
  ['09-05', 'task', { from: 'requested', to: 'accepted' }],
  ['09-06', 'task', { from: 'accepted', to: 'cancelled' }],
);

const closedAt = new Date('2026-10-01T00:00:00Z');
const three = [
  { events: whole, closedAt },
  { events: refused, closedAt: null },
  { events: stopped, closedAt },
];

describe('statistics of referrals', () => {
  it('count what happened, a document delivered to two once', () => {
    expect(statisticsOf(three, rules).counts).toEqual({
      ...{ referred: 3, open: 1, refused: 1, seen: 1, reoriented: 1, completed: 1, left: 1 },
      ...{ consultations: 2, syntheses: 1 },
    });
  });

  it('give the median of the delays of those that came so far', () => {
    const { delays } = statisticsOf(three, rules);
    expect(delays.find(({ id }) => id === 'answer')).toMatchObject({ n: 3, medianDays: 2 });
    expect(delays.find(({ id }) => id === 'first-contact')).toMatchObject({ n: 1, medianDays: 4 });
    expect(delays.find(({ id }) => id === 'synthesis')).toEqual(
      expect.not.objectContaining({ medianDays: 0 }),
    );
  });

  it('of two groups are those of both together', () => {
    const some = fc.array(fc.constantFrom(...three), { maxLength: 12 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [a, b, both] = [one, other, [...one, ...other]].map(
          (group) => statisticsOf(group, rules).counts,
        );
        for (const name of countNames) expect(both![name]).toBe(a![name] + b![name]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the values of the indicators that a network publishes', () => {
  const population = (name: string, count: string) => ({
    code: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/measure-population', code: name },
        { system: rules.system, code: count },
      ],
    },
  });
  const measure = (...populations: object[]): AnyResource => ({
    resourceType: 'Measure',
    url: 'https://passerelle.example/fhir/Measure/coreso-le-vinatier-reorientes',
    group: [{ population: populations }],
  });
  const report = (measures: AnyResource[]): AnyResource[] =>
    measureReports(
      measures,
      statisticsOf(three, rules).counts,
      rules,
      { start: '2026-01-01', end: '2026-12-31' },
      new Date('2026-12-31T12:00:00Z'),
    );

  it('are MeasureReports: the counts, and the share where there is one', async () => {
    const reports = report([
      measure(population('numerator', 'patients-reorientes'), population('denominator', 'patients-adresses')),
      measure(population('initial-population', 'patients-accueillis')),
    ]);
    expect(reports).toMatchObject([
      {
        measure: measure()['url'],
        group: [{ population: [{ count: 1 }, { count: 3 }], measureScore: { value: 0.333 } }],
      },
      { group: [{ population: [{ count: 1 }] }] },
    ]);
    const validator = await testValidator();
    expect(reports.flatMap((one) => validator.validate(one, []))).toEqual([]);
  });

  it('are not invented for what nobody counts, and nothing is divided by nothing', () => {
    expect(report([measure(population('initial-population', 'autre')), measure()])).toEqual([]);
    const none = measureReports(
      [
        measure(
          population('numerator', 'patients-reorientes'),
          population('denominator', 'patients-accueillis'),
        ),
      ],
      statisticsOf([], rules).counts,
      rules,
      { start: '2026-01-01', end: '2026-12-31' },
      closedAt,
    );
    expect(none[0]).not.toHaveProperty('group.0.measureScore');
  });
});
