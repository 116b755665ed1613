import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  events,
  isEnded,
  move,
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
];

const state = fc.constantFrom(...states);
const event = fc.constantFrom(...events);
const role = fc.constantFrom(...roles);

describe('the coordination Task', () => {
  it('REF-05: the transitions are those of the matrix and no others', () => {
    const reached = states.flatMap((from) =>
      roles.flatMap((by) =>
        events.flatMap((name) => {
          const result = move(from, name, by, true);
          return 'to' in result ? [`${from} ${result.to} ${by}`] : [];
        }),
      ),
    );
    const wanted = allowed.flatMap(([from, to, by]) => by.map((one) => `${from} ${to} ${one}`));
    expect([...new Set(reached)].sort()).toEqual(wanted.sort());
  });

  it('every (state, event, role) has a transition or a refusal with a reason', () => {
    fc.assert(
      fc.property(state, event, role, fc.boolean(), (from, name, by, output) => {
        const result = move(from, name, by, output);
        if ('to' in result) expect(states).toContain(result.to);
        else expect(result.refused.length).toBeGreaterThan(10);
      }),
    );
  });

  it('nothing leaves an ended state', () => {
    fc.assert(
      fc.property(state, event, role, (from, name, by) => {
        fc.pre(isEnded(from));
        expect(move(from, name, by, true)).toHaveProperty('refused');
      }),
    );
  });

  it('REF-06: completed needs an output', () => {
    expect(move('in-progress', 'complete', 'fulfiller', false)).toHaveProperty('refused');
    expect(move('in-progress', 'complete', 'fulfiller', true)).toEqual({ to: 'completed' });
  });

  it('P-49, REF-03: the placer does not cancel what has started, and is told to ask for it', () => {
    expect(move('in-progress', 'cancel', 'placer')).toEqual({
      refused: expect.stringContaining('tâche d’annulation') as unknown,
    });
  });

  it('a way between two polls is made of allowed moves only', () => {
    fc.assert(
      fc.property(state, state, role, (from, to, by) => {
        const way = wayBetween(from, to, by, true);
        if (!way) return;
        [from, ...way].reduce((before, after) => {
          const step = events.map((name: TaskEvent) => move(before, name, by, true));
          expect(step).toContainEqual({ to: after });
          return after;
        });
      }),
    );
  });

  it('finds what a poll missed in between', () => {
    expect(wayBetween('requested', 'in-progress', 'fulfiller')).toEqual(['accepted', 'in-progress']);
    expect(wayBetween('requested', 'completed', 'fulfiller', true)).toEqual([
      'accepted',
      'in-progress',
      'completed',
    ]);
    expect(wayBetween('requested', 'completed', 'fulfiller', false)).toBeUndefined();
    expect(wayBetween('completed', 'in-progress', 'fulfiller', true)).toBeUndefined();
    expect(wayBetween('accepted', 'accepted', 'fulfiller')).toEqual([]);
  });
});
