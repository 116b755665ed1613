import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  events,
  type Facts,
  isEnded,
  move,
  refusalOf,
  roles,
  states,
  wayBetween,
  type TaskEvent,
  type TaskRole,
  type TaskState,
} from '../../src/referral/machine.ts';

/** REF-05, spelled out independently of the code: from, to, who. */
const allowed: [TaskState, TaskState, TaskRole[]][] = [
  ['requested', 'received', ['fulfiller']],
  ['requested', 'accepted', ['fulfiller']],
  ['requested', 'rejected', ['fulfiller']],
  ['received', 'accepted', ['fulfiller']],
  ['received', 'rejected', ['fulfiller']],
  ['accepted', 'in-progress', ['fulfiller']],
  ['accepted', 'rejected', ['fulfiller']],
  ['in-progress', 'completed', ['fulfiller']],
  ['in-progress', 'failed', ['fulfiller']],
  ['requested', 'cancelled', ['fulfiller', 'placer']],
  ['received', 'cancelled', ['fulfiller', 'placer']],
  ['accepted', 'cancelled', ['fulfiller', 'placer']],
  ['in-progress', 'on-hold', ['fulfiller', 'placer']],
  ['on-hold', 'in-progress', ['fulfiller', 'placer']],
  // REF-02: losers cancelled by whoever relays to several candidates
  ['requested', 'cancelled', ['relay']],
  ['received', 'cancelled', ['relay']],
  ['accepted', 'cancelled', ['relay']],
  // REF-03: after an accepted abort Task
  ['in-progress', 'cancelled', ['fulfiller']],
  ['on-hold', 'cancelled', ['fulfiller']],
];

const state = fc.constantFrom(...states);
const event = fc.constantFrom(...events);
const role = fc.constantFrom(...roles);
const facts: fc.Arbitrary<Facts> = fc.record({
  output: fc.boolean(),
  reason: fc.boolean(),
  proposal: fc.boolean(),
  abort: fc.boolean(),
  successor: fc.boolean(),
});
const all: Facts = { output: true, reason: true, proposal: true, abort: true, successor: true };

/** Every (status, event, role), with every combination of what may come along. */
const product = states.flatMap((from) =>
  events.flatMap((name) =>
    roles.flatMap((by) =>
      Array.from({ length: 32 }, (_, bits) => ({
        ...{ from, name, by },
        given: {
          output: (bits & 1) > 0,
          reason: (bits & 2) > 0,
          proposal: (bits & 4) > 0,
          abort: (bits & 8) > 0,
          successor: (bits & 16) > 0,
        },
      })),
    ),
  ),
);

describe('the coordination Task', () => {
  it('REF-05: the changes of status are those of the matrix and no others', () => {
    const reached = product.flatMap(({ from, name, by, given }) => {
      const result = move(from, name, by, given);
      return 'to' in result && result.to !== from ? [`${from} ${result.to} ${by}`] : [];
    });
    const wanted = allowed.flatMap(([from, to, by]) => by.map((one) => `${from} ${to} ${one}`));
    expect([...new Set(reached)].sort()).toEqual([...new Set(wanted)].sort());
  });

  it('every (status, event, role) has a transition, or a refusal with reason, side and next step', () => {
    expect(product).toHaveLength(states.length * events.length * roles.length * 32);
    const sides = { placer: 'sender', fulfiller: 'server', relay: 'gateway' };
    const unanswered = product.filter(({ from, name, by, given }) => {
      const result = move(from, name, by, given);
      if ('to' in result) return !states.includes(result.to);
      return result.refused.length < 10 || result.next.length < 10 || result.side !== sides[by];
    });
    expect(unanswered).toEqual([]);
  });

  it('an ended Task takes nothing but somebody’s note that it ended', () => {
    const taken = product
      .filter(({ from }) => isEnded(from))
      .flatMap(({ from, name, by, given }) => {
        const result = move(from, name, by, given);
        return 'to' in result ? [`${name} ${by} ${result.to === from}`] : [];
      });
    // Its document may be corrected (0074): that is taken, and changes nothing of the Task.
    expect([...new Set(taken)].sort()).toEqual(['close placer true', 'correct fulfiller true']);
  });

  it('whatever is lived through, the last status is one that the matrix leads to, and an end stays', () => {
    const lived = fc.array(fc.record({ name: event, by: role, given: facts }), { maxLength: 40 });
    fc.assert(
      fc.property(lived, (life) => {
        let at: TaskState = 'requested';
        for (const { name, by, given } of life) {
          const result = move(at, name, by, given);
          if ('refused' in result) continue;
          const change = [at, result.to].join(' ');
          if (result.to !== at) expect(allowed.map(([from, to]) => `${from} ${to}`)).toContain(change);
          if (isEnded(at)) expect(result.to).toBe(at);
          at = result.to;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('REF-06: completed needs an output', () => {
    expect(move('in-progress', 'complete', 'fulfiller')).toMatchObject({ side: 'server' });
    expect(move('in-progress', 'complete', 'fulfiller', { output: true })).toEqual({ to: 'completed' });
  });

  it('REF-04: a refusal without its reason is followed and the reason asked for; a proposal needs what is proposed', () => {
    expect(move('received', 'reject', 'fulfiller')).toEqual({ to: 'rejected', owes: 'reason' });
    expect(move('received', 'reject', 'fulfiller', { reason: true })).toEqual({ to: 'rejected' });
    expect(move('received', 'propose', 'fulfiller', { reason: true })).toHaveProperty('refused');
  });

  it('P-49, REF-03: the placer does not cancel what has started, and asks for its end; before it, it cancels', () => {
    expect(move('in-progress', 'cancel', 'placer')).toMatchObject({
      next: expect.stringContaining('tâche d’annulation') as unknown,
    });
    expect(move('in-progress', 'ask-abort', 'placer')).toEqual({ to: 'in-progress' });
    expect(move('accepted', 'ask-abort', 'placer')).toMatchObject({
      next: expect.stringContaining('cancelled') as unknown,
    });
    expect(move('in-progress', 'abort', 'fulfiller')).toMatchObject({ side: 'server' });
    expect(move('on-hold', 'abort', 'fulfiller', { abort: true })).toEqual({ to: 'cancelled' });
  });

  it('after the start the placer asks to hand over, and whoever has it does so by naming who goes on (REF-03)', () => {
    for (const at of ['in-progress', 'on-hold'] as const) {
      expect(move(at, 'transfer', 'placer')).toHaveProperty('refused');
      expect(move(at, 'ask-transfer', 'placer')).toEqual({ to: at });
      expect(move(at, 'ask-transfer', 'fulfiller')).toMatchObject({ side: 'server' });
      expect(move(at, 'hand-over', 'fulfiller', { successor: true })).toEqual({ to: 'cancelled' });
      expect(move(at, 'hand-over', 'placer', all)).toMatchObject({ side: 'sender' });
    }
    expect(move('in-progress', 'hand-over', 'fulfiller', { ...all, successor: false })).toMatchObject({
      next: expect.stringContaining('Task.owner') as unknown,
    });
    expect(move('accepted', 'ask-transfer', 'placer')).toMatchObject({
      next: expect.stringContaining('transfer') as unknown,
    });
    expect(
      wayBetween('in-progress', 'cancelled', 'fulfiller', { reason: true, output: true }),
    ).toBeUndefined();
  });

  it('a completed Task takes a newer document from its fulfiller, no other end does', () => {
    expect(move('completed', 'correct', 'fulfiller', { output: true })).toEqual({ to: 'completed' });
    expect(move('completed', 'correct', 'fulfiller')).toMatchObject({ side: 'server' });
    expect(move('completed', 'correct', 'placer', all)).toHaveProperty('refused');
    for (const at of states.filter((one) => one !== 'completed'))
      expect(move(at, 'correct', 'fulfiller', all)).toHaveProperty('refused');
  });

  it('only the placer closes, and only what has ended', () => {
    expect(move('in-progress', 'close', 'placer')).toMatchObject({ side: 'sender' });
    expect(move('completed', 'close', 'fulfiller')).toHaveProperty('refused');
    expect(move('rejected', 'close', 'placer')).toEqual({ to: 'rejected' });
  });

  it('a way between two polls is made of allowed moves only', () => {
    fc.assert(
      fc.property(state, state, role, facts, (from, to, by, given) => {
        const way = wayBetween(from, to, by, given);
        if (!way) {
          expect(refusalOf(from, to, by, given).refused.length).toBeGreaterThan(10);
          return;
        }
        [from, ...way.states].reduce((before, after) => {
          const steps = events.map((name: TaskEvent) => move(before, name, by, given));
          expect(steps.map((step) => 'to' in step && step.to)).toContain(after);
          return after;
        });
      }),
    );
  });

  it('finds what a poll missed in between', () => {
    expect(wayBetween('requested', 'in-progress', 'fulfiller')).toEqual({
      states: ['accepted', 'in-progress'],
    });
    expect(wayBetween('requested', 'completed', 'fulfiller', { output: true })).toEqual({
      states: ['accepted', 'in-progress', 'completed'],
    });
    expect(wayBetween('requested', 'completed', 'fulfiller')).toBeUndefined();
    expect(wayBetween('completed', 'in-progress', 'fulfiller', all)).toBeUndefined();
    expect(wayBetween('accepted', 'accepted', 'fulfiller')).toEqual({ states: [] });
    expect(wayBetween('requested', 'failed', 'fulfiller')).toMatchObject({ owes: 'reason' });
  });

  it('says what lacks where the way would be open with it', () => {
    expect(refusalOf('accepted', 'completed', 'fulfiller').refused).toContain('sans résultat');
    expect(refusalOf('in-progress', 'cancelled', 'fulfiller').refused).toContain('Personne n’a demandé');
    expect(refusalOf('accepted', 'requested', 'fulfiller').refused).toContain('accepted');
  });
});
