/** A profile of a profile: what its parent asks stays asked. */
import { describe, expect, it } from '@jest/globals';
import type { StructureDefinition, ValueSet } from '../../src/validation/definitions.ts';
import { createTerminology } from '../../src/validation/terminology.ts';
import { colours, colourSet, element, profile, verdictOf } from './small.ts';

/** A profile of a profile of Thing, by what each adds; the snapshot of the child has what the parent sliced. */
function family(
  parents: Parameters<typeof profile>[2],
  own: Parameters<typeof profile>[2],
): StructureDefinition[] {
  const parent = profile('parent', 'Thing', parents);
  const both = profile('child', 'Thing', { ...parents, ...own });
  const { differential } = profile('child', 'Thing', own);
  return [{ ...both, baseDefinition: parent.url, differential }, parent];
}

const concept = (code: string) => ({ coding: [{ system: colours.url, code }] });

describe('a profile of a profile', () => {
  it('asks the rules of its parent', () => {
    const rule = { key: 'thing-1', severity: 'error' as const, human: 'x', expression: 'main.exists()' };
    const both = family({ Thing: { constraint: [rule] } }, { 'Thing.note': { min: 1 } });
    expect(verdictOf(both, { note: ['a'] })).toEqual(['Thing invariant']);
    expect(verdictOf(both, { note: ['a'], main: { text: 'x' } })).toEqual([]);
  });

  it('lets a closed list hold the slices that it leaves as its parent has them', () => {
    const slice = (code: string) => ({ sliceName: code, min: 0, max: '1', fixedCode: code });
    const slicing = { rules: 'closed' as const, discriminator: [{ type: 'value' as const, path: '$this' }] };
    const both = family(
      { 'Thing.note': { ...element('0..*', 'string'), slicing }, 'Thing.note:a': slice('a'), 'Thing.note:b': slice('b') },
      { 'Thing.note:a': { ...slice('a'), min: 1 } },
    );
    expect(verdictOf(both, { note: ['a', 'b'] })).toEqual([]);
    expect(verdictOf(both, { note: ['b'] })).toEqual(['Thing.note required']);
    expect(verdictOf(both, { note: ['a', 'c'] })).toEqual(['Thing.note[1] code-invalid']);
  }); // prettier-ignore
});

describe('a choice', () => {
  it('whose slice is mandatory has that type', () => {
    const one = profile('one', 'Thing', {
      'Thing.value[x]': element('0..1', 'string boolean CodeableConcept'),
      'Thing.value[x]:valueBoolean': { ...element('1..1', 'boolean'), sliceName: 'valueBoolean' },
    });
    expect(verdictOf([one], { valueString: 'x' })).toEqual(['Thing.value required']);
    expect(verdictOf([one], { valueBoolean: true })).toEqual([]);
  });

  it('whose slice is forbidden has another type', () => {
    const one = profile('one', 'Thing', {
      'Thing.value[x]': element('0..1', 'string boolean CodeableConcept'),
      'Thing.value[x]:valueString': { ...element('0..0', 'string'), sliceName: 'valueString' },
    });
    expect(verdictOf([one], { valueString: 'x' })).toEqual(['Thing structure']);
    expect(verdictOf([one], { valueCodeableConcept: concept('red') })).toEqual([]);
  });
});

describe('a value set', () => {
  const url = (name: string) => `https://passerelle.example/fhir/ValueSet/${name}`;
  const including = (name: string, other: string): ValueSet => ({ url: url(name), compose: { include: [{ valueSet: [other] }] } });
  const expand = (sets: ValueSet[], name: string) => createTerminology(sets, [colours]).expand(url(name));

  it('that includes itself through another has no list', () => {
    expect(expand([including('one', url('two')), including('two', url('one'))], 'one')).toBeUndefined();
  });

  it('that another includes twice has one', () => {
    const sets = [including('one', colourSet.url), including('two', url('one')), colourSet];
    expect([...expand(sets, 'two')!.keys()]).toEqual([colours.url]);
  });

  it('of what a system and another set have both is not taken for the whole system', () => {
    const both: ValueSet = { url: url('both'), compose: { include: [{ system: colours.url, valueSet: [url('none')] }] } };
    expect(expand([both], 'both')).toBeUndefined();
  });
}); // prettier-ignore
