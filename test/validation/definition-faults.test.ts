/** Definitions that nothing can be compiled from are refused, with their name, the element and what to do. */
import { describe, expect, it } from '@jest/globals';
import { definitionFaults } from '../../src/validation/definition-faults.ts';
import type { ElementDefinition, StructureDefinition } from '../../src/validation/definitions.ts';
import { element, profile, thingTypes } from './small.ts';

/** A data type by its elements. */
function dataType(id: string, elements: Record<string, Omit<ElementDefinition, 'id' | 'path'>>): StructureDefinition {
  const listed = Object.entries(elements).map(([name, one]) => ({ ...one, id: `${id}.${name}`, path: `${id}.${name}` }));
  const snapshot = { element: [{ id, path: id }, ...listed] };
  const url = `http://hl7.org/fhir/StructureDefinition/${id}`;
  return { id, name: id, url, kind: 'complex-type', abstract: false, type: id, snapshot, differential: { element: [] } };
} // prettier-ignore

const refusal = (...definitions: StructureDefinition[]) =>
  definitionFaults([...thingTypes, ...definitions]).map(
    ({ expression, message }) => `${expression}: ${message}`,
  );

const rule = (expression: string) => {
  return { constraint: [{ key: 'thing-1', severity: 'error' as const, human: 'x', expression }] };
};

describe('a definition is refused', () => {
  it('with a type that is none', () => {
    const [issue] = refusal(profile('wrong', 'Thing', { 'Thing.main': element('0..1', 'Colour') }));
    expect(issue).toMatch(
      /^Thing\.main: Profil wrong, élément Thing\.main : type inconnu : Colour\. À faire : /,
    );
  });

  it('that derives from itself through another', () => {
    const [one, two] = [profile('one', 'Thing', {}), profile('two', 'Thing', {})];
    const issues = refusal({ ...one, baseDefinition: two.url }, { ...two, baseDefinition: one.url });
    expect(issues).toHaveLength(2);
    expect(issues[0]).toMatch(/^Thing: Profil one, .*dérivation circulaire \(one → two\)/);
  });

  it('whose types contain each other without end', () => {
    const [issue] = refusal(
      dataType('One', { two: element('1..1', 'Two') }),
      dataType('Two', { one: element('1..*', 'One') }),
    );
    expect(issue).toMatch(/^One\.two: .*contiennent sans fin \(One\.two → Two\.one\)/);
  });

  it('whose content references go in a circle, or nowhere', () => {
    const shared = (name: string) => ({ contentReference: `#Loop.${name}` });
    const issues = refusal(dataType('Loop', { a: shared('b'), b: shared('a'), c: shared('absent') }));
    expect(issues.map((issue) => issue.split(':')[0])).toEqual(['Loop.a', 'Loop.b', 'Loop.c']);
    expect(issues[2]).toMatch(/vers un élément absent/);
  });

  it.each(["status = 'x", 'status.exists(', 'and', ''])(
    'with a rule that is no FHIRPath: %j',
    (expression) => {
      const [issue] = refusal(profile('wrong', 'Thing', { 'Thing.status': rule(expression) }));
      expect(issue).toMatch(/^Thing\.status: Profil wrong, .*la règle thing-1 n’est pas du FHIRPath/);
    },
  );
});

describe('a definition is accepted', () => {
  it('with rules of the subset and others, and types that may contain themselves', () => {
    const rules = { 'Thing.status': rule("status = 'x'"), 'Thing.main': rule('repeat(coding).count() * 2 > 1') };
    expect(refusal(profile('right', 'Thing', rules), dataType('Tree', { branch: element('0..*', 'Tree') }))).toEqual([]);
  });
}); // prettier-ignore
