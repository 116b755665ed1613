/** A profile that its parent contradicts is refused when compiled, with its name, the element and what to do. */
import { describe, expect, it } from '@jest/globals';
import { FaultyDefinitions } from '../../src/validation/definition-faults.ts';
import type { StructureDefinition, ValueSet } from '../../src/validation/definitions.ts';
import { colours, colourSet, element, profile, verdictOf } from './small.ts';

/** What compiling says; undefined when it compiles. */
function refusal(...profiles: StructureDefinition[]): readonly { message: string; expression?: string }[] {
  try {
    verdictOf(profiles, {}, [colourSet, wider]);
    return [];
  } catch (error) {
    if (error instanceof FaultyDefinitions) return error.issues;
    throw error;
  }
}

const wider: ValueSet = {
  url: 'https://passerelle.example/fhir/ValueSet/wider',
  compose: {
    include: [{ system: colours.url }, { system: 'https://other.example', concept: [{ code: 'blue' }] }],
  },
};
const binding = (valueSet: string, strength = 'required') => ({ binding: { strength, valueSet } });

/** A profile on a profile of Thing. */
function grandchild(parent: StructureDefinition, differential: Parameters<typeof profile>[2]) {
  const child = profile('grandchild', 'Thing', differential);
  return [{ ...child, baseDefinition: parent.url }, parent];
}

describe('a profile is refused', () => {
  it.each([
    ['that asks for fewer than its parent', { 'Thing.status': { min: 0 } }, 'Thing.status', /minimum 0.*1\.\.1.*au moins 1/],
    ['that permits more than its parent', { 'Thing.main': { max: '*' } }, 'Thing.main', /maximum \*.*0\.\.1/],
    ['that asks for more than it permits', { 'Thing.note': { min: 3, max: '2' } }, 'Thing.note', /minimum 3 au-dessus du maximum 2/],
    ['with a type its parent has not', { 'Thing.value[x]': element('0..1', 'string uri') }, 'Thing.value[x]', /type uri.*\(string, boolean, CodeableConcept\)/],
    ['with a reference its parent does not admit', { 'Thing.subject': element('0..1', 'Reference>Other') }, 'Thing.subject', /référence vers Other.*choisir parmi Thing/],
    ['with an element its parent has not', { 'Thing.colour': { min: 1 } }, 'Thing.colour', /n’a pas cet élément/],
    ['with an element that a data type has not', { 'Thing.identifier.colour': { min: 1 } }, 'Thing.identifier.colour', /n’a pas cet élément/],
  ])('%s', (_name, differential, id, message) => {
    const [issue, ...more] = refusal(profile('wrong', 'Thing', differential));
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ expression: id, message: expect.stringMatching(message) });
    expect(issue!.message).toMatch(/^Profil wrong, élément Thing\.\S+ : .*À faire : \S/);
  }); // prettier-ignore

  it('whose parent, a profile itself, imposes another value', () => {
    const parent = profile('parent', 'Thing', { 'Thing.status': { fixedCode: 'active' } });
    const [issue] = refusal(...grandchild(parent, { 'Thing.status': { fixedCode: 'draft' } }));
    expect(issue!.message).toMatch(/Profil grandchild, élément Thing\.status : valeur imposée/);
  });

  it('whose parent binds to fewer codes, or more strictly', () => {
    const parent = profile('parent', 'Thing', { 'Thing.main': binding(colourSet.url) });
    const [more] = refusal(...grandchild(parent, { 'Thing.main': binding(wider.url) }));
    expect(more!.message).toMatch(/codes hors du jeu de valeurs du parent : blue/);
    const [weaker] = refusal(...grandchild(parent, { 'Thing.main': binding(colourSet.url, 'example') }));
    expect(weaker!.message).toMatch(/plus faible.*required/);
  });

  it('whose parent is not there', () => {
    const lost = { ...profile('lost', 'Thing', {}), baseDefinition: 'https://other.example/Thing' };
    expect(refusal(lost)[0]!.message).toMatch(/^Profil lost, élément Thing : le parent n’est pas connu/);
  });

  it('with each of its contradictions told', () => {
    const both = profile('both', 'Thing', { 'Thing.status': { min: 0 }, 'Thing.main': { max: '2' } });
    expect(refusal(both).map(({ expression }) => expression)).toEqual(['Thing.status', 'Thing.main']);
  });
});

describe('a profile is compiled', () => {
  it.each([
    ['that narrows', { 'Thing.note': { min: 1, max: '2' }, 'Thing.value[x]': element('1..1', 'string') }],
    [
      'that slices a list',
      { 'Thing.tag': { min: 1 }, 'Thing.tag:first': { sliceName: 'first', min: 1, max: '1' } },
    ],
    ['that narrows within a data type', { 'Thing.identifier.system': { min: 1, fixedUri: 'urn:x' } }],
  ])('%s', (_name, differential) => {
    expect(refusal(profile('right', 'Thing', differential))).toEqual([]);
  });
});
