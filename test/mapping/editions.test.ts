import { describe, expect, it } from '@jest/globals';
import type { Issue } from '../../src/fhir/issue.ts';
import { compileMapping, type Mapping } from '../../src/mapping/compile.ts';
import { document, written } from './inline.ts';

const table = (editions: string): string => `table: shape
system: 'urn:old'
codes:
  round: { code: o, text: Round }
  square: { code: s, text: Square }
${editions}`;

const next = `editions:
  next:
    system: 'urn:next'
    codes:
      round: [{ code: '1' }, { system: 'urn:old', code: o }]`;

function compiled(codes: string, editions: string[]): { mapping?: Mapping; issues: Issue[] } {
  const definition = document(
    `kind: test
resources:
  network:
    type: Organization
    class: owned
    key: '{id}'
    profile: pas-network-organization
    elements: { type: [{ $path: shapes, $concept: shape }] }`,
    'mapping.yaml',
  );
  return compileMapping(definition, { codes: [document(codes, 'shape.yaml')], parts: [], editions });
}

const record = 'id: a\nshapes: [round, square]';
const old = { coding: [{ system: 'urn:old', code: 'o' }], text: 'Round' };
const square = { coding: [{ system: 'urn:old', code: 's' }], text: 'Square' };

describe('an edition of a code table', () => {
  it('is written only where it was chosen, and only for the words it names', () => {
    expect(written(compiled(table(next), []).mapping!, record)).toEqual({ type: [old, square] });
    const both = {
      coding: [
        { system: 'urn:next', code: '1' },
        { system: 'urn:old', code: 'o' },
      ],
    };
    expect(written(compiled(table(next), ['next']).mapping!, record)).toEqual({ type: [both, square] });
  });

  it('that no table has is refused, with the names there are', () => {
    const { mapping, issues } = compiled(table(next), ['last']);
    expect(mapping).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([
      "Aucune table de codes n'a d'édition « last » ; connues : next.",
    ]);
  });

  it('named as that of the codes themselves changes nothing', () => {
    const named = table(next).replace('system:', 'edition: First\nsystem:');
    const { mapping, issues } = compiled(named, ['First']);
    expect(issues).toEqual([]);
    expect(written(mapping!, record)).toEqual({ type: [old, square] });
  });

  it('with a word that the table does not have is refused at its line', () => {
    const { mapping, issues } = compiled(table(next.replace('round:', 'oval:')), []);
    expect(mapping).toBeUndefined();
    expect(issues.map(({ source }) => [source?.file, source?.line])).toEqual([['shape.yaml', 10]]);
  });
});
