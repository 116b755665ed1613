import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChanges } from '../../src/change/apply.ts';
import { fieldChanges } from '../../src/change/fields.ts';
import type { Json } from '../../src/fhir/types.ts';

const name = fc.constantFrom('id', 'url', 'system', 'code', 'value', 'period', 'telecom', 'name');
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom<Json>('a', 'b', 'c', 1, true, null),
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
  ),
}));

describe('fieldChanges', () => {
  it('finds nothing between equal values', () => {
    fc.assert(fc.property(json, (value) => expect(fieldChanges(value, structuredClone(value))).toEqual([])));
  });

  it('gives changes that turn the old value into the new one', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applyChanges(before, fieldChanges(before, after))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('names the deepest field', () => {
    const before = { name: 'CH Exemple', telecom: [{ system: 'phone', value: '01' }] };
    const after = { name: 'CH Exemple', telecom: [{ system: 'phone', value: '02' }] };
    expect(fieldChanges(before, after)).toEqual([{ path: 'telecom[0].value', before: '01', after: '02' }]);
  });

  it('sees one departure, not a shift, when a member in the middle leaves', () => {
    const member = (id: string) => ({
      member: { reference: `PractitionerRole/${id}` },
      onBehalfOf: { display: 'x' },
    });
    const before = { participant: ['a', 'b', 'c'].map(member) };
    const after = { participant: ['a', 'c'].map(member) };
    expect(fieldChanges(before, after)).toEqual([
      { path: 'participant[1]', before: member('b'), after: undefined },
    ]);
  });

  it('sees the field inside a member that stayed while another arrived before it', () => {
    const before = { contact: [{ id: 'x', name: 'old' }] };
    const after = { contact: [{ id: 'w' }, { id: 'x', name: 'new' }] };
    expect(fieldChanges(before, after)).toEqual([
      { path: 'contact[0].name', before: 'old', after: 'new' },
      { path: 'contact[0]', before: undefined, after: { id: 'w' } },
    ]);
  });

  it('sees a member replaced by another as one change of that place', () => {
    expect(fieldChanges({ given: ['Anne', 'Zoé'] }, { given: ['Léa', 'Zoé'] })).toEqual([
      { path: 'given[0]', before: 'Anne', after: 'Léa' },
    ]);
  });

  it('falls back to positions when elements have no name of their own or changed places', () => {
    expect(fieldChanges({ given: ['Anne', 'Léa'] }, { given: ['Léa', 'Anne'] })).toHaveLength(2);
    expect(fieldChanges({ line: ['a', 'a'] }, { line: ['a'] })).toEqual([
      { path: 'line[1]', before: 'a', after: undefined },
    ]);
  });
});
