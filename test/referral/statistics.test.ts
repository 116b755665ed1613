import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
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

const step = (id: string, kind: string, after: string[], activity?: string) => ({
  ...{ id, kind, after, title: id, produces: [], participants: 1 },
  ...(activity ? { activity: [{ ...rules.prevention, code: activity }] } : {}),
});
/** Prevention and the hand-over hold back no synthesis. */
const plan = [
  step('c.1', 'order', [], 'consultation'),
  step('c.2', 'order', ['c.1'], 'consultation'),
  step('p', 'order', ['c.1'], 'prevention'),
  step('s', 'document', ['c.2']),
  step('o', 'order', ['s'], 'reorientation'),
];

const whole = ledger(
  ['09-01', 'accepted', { declared: [] }],
  ['09-01', 'relayed'],
  ['09-03', 'task', { from: 'requested', to: 'accepted' }],
  ['09-03', 'plan-started', { steps: plan }],
  ['09-07', 'consultation', { step: 'c.1' }],
  ['09-14', 'consultation', { step: 'c.2' }],
  ['09-14', 'consultation', { step: 'p' }],
  ['09-15', 'performer-named', { step: 'o' }],
  ['09-16', 'document-final', { step: 's' }],
  ['09-20', 'document-delivered', { document: 'd', server: 'a' }],
  ['09-20', 'document-delivered', { document: 'd', server: 'b' }],
  ['09-21', 'completed'],
);
const refused = ledger(
  ['09-01', 'accepted', { declared: ['urn:x|1'] }],
  ['09-02', 'task', { from: 'requested', to: 'rejected' }],
);
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
      ...{ withoutGp: 1, consultations: 2, prevention: 1, syntheses: 1 },
    });
  });

  it('give the median of the delays of those that came so far', () => {
    const { delays } = statisticsOf(three, rules);
    expect(delays.find(({ id }) => id === 'answer')).toMatchObject({ n: 3, medianDays: 2 });
    expect(delays.find(({ id }) => id === 'first-contact')).toMatchObject({ n: 1, medianDays: 4 });
    expect(delays.find(({ id }) => id === 'synthesis')).toMatchObject({ n: 1, medianDays: 2 });
    expect(delays.find(({ id }) => id === 'whole')).toMatchObject({ n: 3, medianDays: 5 });
    expect(statisticsOf([], rules).delays[0]).toEqual(expect.not.objectContaining({ medianDays: 0 }));
  });

  it('give shares, and none of nobody', () => {
    const { shares } = statisticsOf(three, rules);
    expect(shares.find(({ id }) => id === 'without-gp')).toMatchObject({ n: 1, among: 3, share: 0.333 });
    expect(statisticsOf([], rules).shares[0]).toEqual(expect.not.objectContaining({ share: 0 }));
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
      statisticsOf(three, rules),
      rules,
      { start: '2026-01-01', end: '2026-12-31' },
      new Date('2026-12-31T12:00:00Z'),
    );

  it('are MeasureReports: the counts, and the share where there is one', async () => {
    const reports = report([
      measure(population('numerator', 'patients-reorientes'), population('denominator', 'patients-adresses')),
      measure(population('initial-population', 'patients-accueillis')),
      measure(
        population('numerator', 'patients-sans-medecin-traitant'),
        population('denominator', 'patients-adresses'),
      ),
      measure(population('measure-population', 'delai-reponse')),
    ]);
    expect(reports).toMatchObject([
      {
        measure: measure()['url'],
        group: [{ population: [{ count: 1 }, { count: 3 }], measureScore: { value: 0.333 } }],
      },
      { group: [{ population: [{ count: 1 }] }] },
      { group: [{ population: [{ count: 1 }, { count: 3 }], measureScore: { value: 0.333 } }] },
      {
        group: [
          {
            population: [{ count: 3 }],
            measureScore: { value: 2, unit: 'jours', system: 'http://unitsofmeasure.org', code: 'd' },
          },
        ],
      },
    ]);
    const validator = await testValidator();
    expect(reports.flatMap((one) => validator.validate(one, []))).toEqual([]);
  });

  it('know every count and every delay that a network file can name', () => {
    const words = JSON.parse(readFileSync('mappings/pathway/schema.json', 'utf8')) as {
      $defs: { countOf: { enum: string[] }; indicator: { properties: { mesure: { enum: string[] } } } };
    };
    const { countOf, indicator } = words.$defs;
    expect(countOf.enum.sort()).toEqual(Object.keys(rules.counts).sort());
    expect(indicator.properties.mesure.enum).toEqual(rules.delays.map(({ code }) => code));
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
      statisticsOf([], rules),
      rules,
      { start: '2026-01-01', end: '2026-12-31' },
      closedAt,
    );
    expect(none[0]).not.toHaveProperty('group.0.measureScore');
  });
});
