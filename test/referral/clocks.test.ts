import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clocksOf } from '../../src/referral/clocks.ts';
import { type Delay, delaysOf, priorities } from '../../src/referral/delays.ts';
import { milestones } from '../../src/referral/milestones.ts';
import type { Step } from '../../src/referral/plan-steps.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import type { ReferralEvent } from '../../src/store/referrals.ts';

const { clocks: rules } = readExchangeRules('mappings');

const step = (id: string, kind: Step['kind'], more: Partial<Step> = {}): Step => ({
  ...{ id, title: id, kind, after: [], produces: [], participants: 1, ...more },
});
const plan = [
  step('c.1', 'order'),
  step('c.2', 'order', { after: ['c.1'], followsWithinDays: 30, dueDays: 90 }),
  step('synthese', 'document', { after: ['c.2'] }),
];

function ledger(...lines: [day: string, kind: string, detail?: object][]): ReferralEvent[] {
  return lines.map(([day, kind, detail = {}], index) => ({
    ...{ seq: index + 1, at: new Date(`2026-${day}T09:00:00Z`), kind, actor: 'x' },
    detail: detail as ReferralEvent['detail'],
  }));
}

const until = (day: string): Date => new Date(`2026-${day}T09:00:00Z`);
const told = (events: ReferralEvent[], now: Date, closedAt: Date | null = null): Record<string, string> =>
  Object.fromEntries(
    clocksOf({ events, closedAt }, rules, now).map(({ id, stoppedAt, late }) => [
      id,
      `${stoppedAt ? 'stopped' : 'running'}${late ? ' late' : ''}`,
    ]),
  );

const begun = ledger(
  ['09-01', 'accepted', { priority: 'routine' }],
  ['09-01', 'relayed'],
  ['09-03', 'task', { from: 'requested', to: 'accepted' }],
  ['09-03', 'plan-started', { steps: plan }],
);

describe('the clocks of a referral (P-48)', () => {
  it('are separate: transport does not stop the wait for an answer', () => {
    const events = begun.slice(0, 2);
    expect(told(events, until('09-02'))).toEqual({ transport: 'stopped', acceptance: 'running' });
    expect(told(events, until('09-20'))).toEqual({ transport: 'stopped', acceptance: 'running late' });
  });

  it('run faster for what is urgent', () => {
    const urgent = ledger(['09-01', 'accepted', { priority: 'urgent' }], ['09-01', 'relayed']);
    expect(told(urgent, until('09-04'))['acceptance']).toBe('running late');
    expect(told(begun.slice(0, 2), until('09-04'))['acceptance']).toBe('running');
  });

  const own: Delay[] = [
    { stretch: 'acceptance', priority: 'routine', within: { hours: 12 } },
    { stretch: 'synthesis', priority: 'routine', within: { days: 90 } },
  ];
  const due = (events: ReferralEvent[]): Record<string, string> =>
    Object.fromEntries(
      clocksOf({ events, closedAt: null }, rules, until('09-02')).map(({ id, dueAt }) => [
        id,
        dueAt.toISOString(),
      ]),
    );

  it('are the protocol’s own where it sets them, at the priority it sets them for', () => {
    const queued: [string, string, object] = ['09-01', 'queued', { candidate: 1, delays: own }];
    const routine = ledger(['09-01', 'accepted', { priority: 'routine' }], queued, ['09-01', 'relayed']);
    expect(due(routine)['acceptance']).toBe('2026-09-01T21:00:00.000Z');
    expect(due(routine)['transport']).toBe(due(begun.slice(0, 2))['transport']);
    const urgent = ledger(['09-01', 'accepted', { priority: 'urgent' }], queued, ['09-01', 'relayed']);
    const common = ledger(['09-01', 'accepted', { priority: 'urgent' }], ['09-01', 'relayed']);
    expect(due(urgent)).toEqual(due(common));
  });

  it('are those of whoever has it: of several the one that was taken, after a transfer the next', () => {
    const other: Delay[] = [{ stretch: 'acceptance', priority: 'routine', within: { hours: 6 } }];
    const several = ledger(
      ['09-01', 'accepted', { priority: 'routine' }],
      ['09-01', 'queued', { candidate: 1, delays: own }],
      ['09-01', 'queued', { candidate: 2, delays: other }],
      ['09-01', 'relayed'],
      ['09-01', 'candidate-chosen', { candidate: 2 }],
    );
    expect(due(several)['acceptance']).toBe('2026-09-01T15:00:00.000Z');
    const handed = [
      ...several,
      ...ledger(
        ['09-02', 'transferred'],
        ['09-02', 'queued', { candidate: 3, delays: own }],
        ['09-02', 'relayed'],
      ),
    ];
    expect(due(handed)['acceptance']).toBe('2026-09-02T21:00:00.000Z');
    expect(due(handed)['transport']).toBe('2026-09-02T13:00:00.000Z');
  });

  it('of a protocol are read off its PlanDefinition; what says nothing usable is left out', () => {
    const part = (stretch: string, more: object[]) => ({
      url: rules.protocol,
      extension: [{ url: 'stretch', valueCoding: { code: stretch } }, ...more],
    });
    const plan = {
      resourceType: 'PlanDefinition',
      extension: [
        part('acceptance', [{ url: 'workingDays', valuePositiveInt: 3 }]),
        part('synthesis', [
          { url: 'priority', valueCode: 'stat' },
          { url: 'hours', valuePositiveInt: 12 },
        ]),
        part('transport', []),
        { url: 'https://elsewhere.example', valueString: 'x' },
      ],
    };
    expect(delaysOf(plan, rules.protocol)).toEqual([
      { stretch: 'acceptance', priority: 'routine', within: { workingDays: 3 } },
      { stretch: 'synthesis', priority: 'stat', within: { hours: 12 } },
    ]);
  });

  it('start first contact and realisation on acceptance, not on relay', () => {
    expect(told(begun, until('09-04'))).toMatchObject({
      ...{ acceptance: 'stopped', 'first-contact': 'running', realisation: 'running' },
      'step/c.2': 'running',
    });
  });

  it('follow the steps of the protocol: so many days after the one before, so many in all', () => {
    const seen = [...begun, ...ledger(['09-10', 'consultation', { step: 'c.1' }])];
    expect(told(seen, until('10-01'))['step/c.2']).toBe('running');
    expect(told(seen, until('10-15'))['step/c.2']).toBe('running late');
  });

  it('ask for the synthesis once every consultation took place, and for receipts once it came', () => {
    const realised = [
      ...begun,
      ...ledger(['09-10', 'consultation', { step: 'c.1' }], ['10-01', 'consultation', { step: 'c.2' }]),
    ];
    expect(told(realised, until('10-02'))).toMatchObject({ realisation: 'stopped', synthesis: 'running' });
    const written = [...realised, ...ledger(['10-20', 'document-final', { step: 'synthese' }])];
    expect(told(written, until('10-20'))).toMatchObject({
      ...{ synthesis: 'stopped late', acknowledgement: 'running' },
    });
    const completed = [...written, ...ledger(['10-21', 'completed'])];
    expect(told(completed, until('12-01'), until('10-21'))['acknowledgement']).toBe('stopped');
  });

  it('all stop when the referral ends otherwise', () => {
    const now = until('12-01');
    expect(new Set(Object.values(told(begun.slice(0, 2), now, until('09-02'))))).toEqual(
      new Set(['stopped']),
    );
  });

  it('of a referral accepted by an earlier release, which noted no priority, are those of routine', () => {
    const old = ledger(['09-01', 'accepted', { order: 'x' }], ['09-01', 'relayed']);
    expect(told(old, until('09-04'))['acceptance']).toBe('running');
  });

  it('are total: any ledger gives clocks that end after they start and are never late before they are due', () => {
    const kinds = [
      'accepted',
      'relayed',
      'task',
      'plan-started',
      'consultation',
      'document-final',
      'completed',
    ];
    const event = fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.date({ min: until('01-01'), max: until('12-01'), noInvalidDate: true }),
      detail: fc.record({
        priority: fc.constantFrom(...priorities, 'unknown'),
        to: fc.constantFrom('accepted', 'rejected', 'received'),
        step: fc.constantFrom('c.1', 'c.2', 'synthese', 'other'),
        steps: fc.constant(plan as unknown as never),
      }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (drawn) => {
        const events = drawn
          .sort((a, b) => a.at.getTime() - b.at.getTime())
          .map((one, index) => ({ ...one, seq: index + 1, actor: 'x' }));
        const now = until('12-02');
        for (const clock of clocksOf({ events, closedAt: null }, rules, now)) {
          expect(clock.dueAt.getTime()).toBeGreaterThan(clock.startedAt.getTime());
          expect(clock.late).toBe((clock.stoppedAt ?? now).getTime() > clock.dueAt.getTime());
        }
      }),
    );
  });
});

describe('the rules of clocks', () => {
  it('name milestones that exist, each in the order in which they come', () => {
    for (const { from, until: end } of rules.clocks)
      expect(milestones.indexOf(from)).toBeLessThan(milestones.indexOf(end));
  });
});
