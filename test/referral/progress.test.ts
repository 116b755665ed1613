import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnyResource } from '../../src/fhir/types.ts';
import { applyPlan, asContained } from '../../src/referral/apply.ts';
import type { Step } from '../../src/referral/plan-steps.ts';
import {
  completeStep,
  isDone,
  laterSteps,
  missingBefore,
  type PlanState,
} from '../../src/referral/progress.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import { testValidator } from '../validator.ts';

const { referral: rules } = readExchangeRules('mappings');
const [plan, ...activities] = JSON.parse(
  readFileSync('test/fixtures/referral/coreso-protocol.json', 'utf8'),
) as [AnyResource, ...AnyResource[]];
const subject = { reference: 'Patient/p1' };

/** The protocol of a network as it is published, then its activities. */
function publishedProtocol(network: string): [AnyResource, ...AnyResource[]] {
  const bundle = readFileSync(`test/fixtures/mapping/${network}.json`, 'utf8');
  const published = (JSON.parse(bundle) as { entry: { resource: AnyResource }[] }).entry.map(
    ({ resource }) => resource,
  );
  return [
    published.find(({ resourceType }) => resourceType === 'PlanDefinition')!,
    ...published.filter(({ resourceType }) => resourceType === 'ActivityDefinition'),
  ];
}

/** A state with any steps, each after some of those before it. */
const anyState = fc
  .array(
    fc.record({ kind: fc.constantFrom('order', 'document'), after: fc.array(fc.nat(20), { maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((list): PlanState => {
    const steps = list.map(({ kind, after }, index): Step => ({
      ...{
        id: `s${index}`,
        title: `Étape ${index}`,
        kind: kind,
        produces: [],
        participants: 1,
      },
      after: [...new Set(after.filter((other) => other < index))].map((other) => `s${other}`),
    }));
    const orders = steps
      .filter(({ kind }) => kind === 'order')
      .map(
        ({ id, after }) =>
          [id, { resourceType: 'ServiceRequest', id, status: after.length ? 'draft' : 'active' }] as const,
      );
    const activity = steps.map(({ id, kind }) =>
      kind === 'order'
        ? { id, reference: { reference: `ServiceRequest/${id}` } }
        : { id, detail: { status: 'not-started' } },
    );
    return { steps, orders: new Map(orders), carePlan: { resourceType: 'CarePlan', id: 'plan', activity } };
  });

/** Completes what can be completed, in some order, until nothing is left. */
function walk(state: PlanState, choose: (open: Step[]) => Step): PlanState[] {
  const states = [state];
  for (;;) {
    const now = states.at(-1)!;
    const open = now.steps.filter(({ id }) => !isDone(now, id) && missingBefore(now, id).length === 0);
    if (open.length === 0) return states;
    states.push(completeStep(now, choose(open).id, { display: 'fait' }));
  }
}

describe('a protocol applied (CORE-16)', () => {
  it('makes orders of consultations and a detail of the document, never both (cpl-3)', () => {
    const { carePlan, orders, steps } = applyPlan({ plan, activities, subject, status: 'active' }, rules);
    expect([...orders.keys()]).toEqual([
      'consultation-1',
      'consultation-2',
      'consultation-3',
      'prevention',
      'reorientation',
    ]);
    expect(steps.find(({ kind }) => kind === 'document')).toMatchObject({
      id: 'synthesis',
      after: ['consultation-3'],
    });
    const list = carePlan['activity'] as { reference?: object; detail?: object }[];
    expect(list.every(({ reference, detail }) => !reference !== !detail)).toBe(true);
  });

  it('reunites in each consultation of Coreso, as its network is published, two professionals', () => {
    const [plan, ...activities] = publishedProtocol('coreso-le-vinatier');
    const { steps } = applyPlan({ plan, activities, subject, status: 'active' }, rules);
    expect(steps.map(({ id, participants }) => [id, participants])).toEqual([
      ['consultation-1', 2],
      ['consultation-2', 2],
      ['consultation-3', 2],
      ['prevention', 1],
      ['synthesis', 1],
      ['reorientation', 1],
    ]);
  });

  it('makes as many orders of a step as the network says it takes place, one after the other', () => {
    const [plan, ...activities] = publishedProtocol('pathway-complete');
    const { orders, steps } = applyPlan({ plan, activities, subject, status: 'active' }, rules);
    expect(steps.map(({ id, title, after }) => [id, title, after])).toEqual([
      ['consultation.1', 'Consultation (1 sur 3)', []],
      ['consultation.2', 'Consultation (2 sur 3)', ['consultation.1']],
      ['consultation.3', 'Consultation (3 sur 3)', ['consultation.2']],
      ['compte-rendu', 'Compte rendu', ['consultation.3']],
      ['synthese', 'Synthèse', ['compte-rendu']],
      ['prevention.1', 'Prévention (1 sur 2)', ['consultation.3']],
      ['prevention.2', 'Prévention (2 sur 2)', ['prevention.1']],
      ['orientation', 'Orientation', ['synthese']],
    ]);
    expect([...orders].map(([id, { status }]) => [id, status])).toEqual([
      ['consultation.1', 'active'],
      ['consultation.2', 'draft'],
      ['consultation.3', 'draft'],
      ['prevention.1', 'draft'],
      ['prevention.2', 'draft'],
      ['orientation', 'draft'],
    ]);
    expect(
      new Set([...orders.values()].slice(0, 3).map((order) => String(order['instantiatesCanonical']))),
    ).toEqual(new Set(['https://passerelle.example/fhir/ActivityDefinition/pathway-complete-consultation']));
  });

  it('shows a draft whose contained orders are all draft, valid as FHIR', async () => {
    const shown = asContained(applyPlan({ plan, activities, subject, status: 'draft' }, rules));
    const contained = shown['contained'] as AnyResource[];
    expect(new Set(contained.map(({ status }) => status))).toEqual(new Set(['draft']));
    const { meta: _meta, ...bare } = shown;
    const issues = (await testValidator()).validate(bare);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('says the same twice', () => {
    const once = () => applyPlan({ plan, activities, subject, status: 'active' }, rules);
    expect(once()).toEqual(once());
  });
});

describe('progress of a care plan', () => {
  it('three consultations come before the synthesis: that is data of the protocol', () => {
    const { orders, carePlan, steps } = applyPlan({ plan, activities, subject, status: 'active' }, rules);
    const withIds = new Map([...orders].map(([id, order]) => [id, { ...order, id }]));
    const state: PlanState = { steps, orders: withIds, carePlan: { ...carePlan, id: 'plan' } };
    expect(missingBefore(state, 'synthesis').map(({ id }) => id)).toEqual([
      'consultation-1',
      'consultation-2',
      'consultation-3',
    ]);
    expect(laterSteps(state, 'synthesis').map(({ id }) => id)).toEqual(['reorientation']);
  });

  it('whatever the protocol and the order of work, every step gets done and none before those it waits for', () => {
    fc.assert(
      fc.property(anyState, fc.nat(), (start, seed) => {
        const states = walk(start, (open) => open[seed % open.length]!);
        const last = states.at(-1)!;
        expect(last.steps.every(({ id }) => isDone(last, id))).toBe(true);
        for (const state of states)
          for (const { id } of state.steps)
            if (isDone(state, id)) expect(missingBefore(state, id)).toEqual([]);
      }),
    );
  });

  it('an order is active exactly when nothing is missing before it and it is not completed', () => {
    fc.assert(
      fc.property(anyState, fc.nat(), (start, seed) => {
        for (const state of walk(start, (open) => open[seed % open.length]!))
          for (const [id, order] of state.orders) {
            const expected = isDone(state, id)
              ? 'completed'
              : missingBefore(state, id).length
                ? 'draft'
                : 'active';
            expect(order['status']).toBe(expected);
          }
      }),
    );
  });

  it('what changed is what differs, and the state given is left as it was', () => {
    fc.assert(
      fc.property(anyState, (start) => {
        const before = JSON.stringify([...start.orders, start.carePlan]);
        const [first] = start.steps;
        const { changed, orders } = completeStep(start, first!.id, { display: 'fait' });
        expect(JSON.stringify([...start.orders, start.carePlan])).toBe(before);
        const differing = [...orders]
          .filter(([id, order]) => start.orders.get(id) !== order)
          .map(([, order]) => order);
        expect(changed.slice(1)).toEqual(differing);
      }),
    );
  });
});
