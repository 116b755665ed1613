import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffStates } from '../../src/change/states.ts';
import { threeWay } from '../../src/change/three-way.ts';

const entry = (key: string, hash: string) => ({ type: 'Organization', key, hash });
const state = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'))
  .map((all) => Object.entries(all).map(([key, hash]) => entry(key, hash)));

describe('diffStates', () => {
  it('names what is new, changed, equal and gone', () => {
    const desired = [entry('new', '1'), entry('changed', '2'), entry('equal', '1')];
    const deployed = ['changed', 'equal', 'gone'].map((key) => ({ ...entry(key, '1'), active: true }));
    expect(diffStates(desired, deployed).map((change) => change.op)).toEqual([
      'update',
      'unchanged',
      'close',
      'create',
    ]);
  });

  it('opens again what was closed, and closes nothing twice', () => {
    const closed = { ...entry('a', 'closed'), active: false };
    expect(diffStates([entry('a', '1')], [closed])).toMatchObject([{ op: 'update' }]);
    expect(diffStates([], [closed])).toEqual([]);
  });

  it('is empty once the desired state is deployed', () => {
    fc.assert(
      fc.property(state, (desired) => {
        const changes = diffStates(
          desired,
          desired.map((one) => ({ ...one, active: true })),
        );
        expect(changes.every((change) => change.op === 'unchanged')).toBe(true);
      }),
    );
  });
});

describe('threeWay', () => {
  const deployed = { name: 'old', active: true, telecom: [{ system: 'phone', value: '1' }] };

  it('tells our changes from those of others', () => {
    const result = threeWay({ ...deployed, name: 'ours' }, deployed, { ...deployed, active: false });
    expect(result).toEqual({
      ours: [{ path: 'name', before: 'old', after: 'ours' }],
      theirs: [{ path: 'active', before: true, after: false }],
      agreed: [],
      conflicts: [],
    });
  });

  it('finds agreement and conflict on the same field', () => {
    const result = threeWay({ ...deployed, name: 'both', telecom: [] }, deployed, {
      ...deployed,
      name: 'both',
      telecom: [{ system: 'phone', value: '2' }],
    });
    expect(result.agreed.map((change) => change.path)).toEqual(['name']);
    expect(result.conflicts.map((conflict) => conflict.path)).toEqual(['telecom[0]']);
    expect(result.theirs).toEqual([]);
  });
});
