import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { compileCodeTables } from '../../src/mapping/code-tables.ts';
import { conceptMapsOf } from '../../src/mapping/concept-map.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { shippedLibrary } from './corpus.ts';
import { document } from './inline.ts';

const folder = 'profiles/generated';
const { codes } = shippedLibrary();
const maps = conceptMapsOf(codes, '0.1.0');

type Group = {
  source: string;
  target?: string;
  element: { code: string; target: { code?: string; equivalence: string; comment?: string }[] }[];
};
const groupsOf = (map: AnyResource | undefined): Group[] => map?.['group'] as Group[];

describe('the code tables as concept maps', () => {
  let validator: Validator;
  beforeAll(async () => {
    validator = await testValidator();
  });

  it('are valid R4', () => {
    for (const map of maps) {
      expect([map.id, validator.validate(map).map(formatIssue)]).toEqual([map.id, []]);
    }
  });

  it('say of every word of every table what it is published with', () => {
    for (const { name, concepts } of compileCodeTables(codes).tables.values()) {
      const map = maps.find((one) => one.resourceType === 'ConceptMap' && one.id === name);
      const written = groupsOf(map).flatMap(({ target, element }) =>
        element.flatMap(({ code, target: [to] }) => (to?.code ? [`${code} ${target} ${to.code}`] : [])),
      );
      const expected = [...concepts].flatMap(([word, { coding = [] }]) =>
        coding.map(({ system, code }) => `${word} ${system} ${code}`),
      );
      expect(written.sort()).toEqual(expected.sort());
    }
  });

  it('are those that are kept with the profiles', () => {
    const kept = readdirSync(folder).filter((name) => /^(ConceptMap-|CodeSystem-network-words-)/.test(name));
    expect(kept.sort()).toEqual(maps.map((one) => `${one.resourceType}-${one.id}.json`).sort());
    for (const map of maps) {
      const text = readFileSync(`${folder}/${map.resourceType}-${map.id}.json`, 'utf8');
      expect(JSON.parse(text)).toEqual(map);
    }
  });
});

describe('a concept map', () => {
  const table = document(
    `table: shape
system: 'urn:old'
codes:
  round: { code: o, text: Round }
  circle: { code: o, text: Circle }
  square: { code: s, text: Square }
  odd: { text: Something else }
editions:
  next:
    system: 'urn:next'
    codes:
      round: { code: '1' }
      square: { code: '2' }`,
    'shape.yaml',
  );
  const [, words, migration] = conceptMapsOf([table], '1');

  it('calls a code wider that several words share, and a word without a code unmatched (CORE-15)', () => {
    const found = groupsOf(words).flatMap(({ target, element }) =>
      element.map(({ code, target: [to] }) => [code, target, to?.code, to?.equivalence]),
    );
    expect(found).toEqual([
      ['round', 'urn:old', 'o', 'wider'],
      ['circle', 'urn:old', 'o', 'wider'],
      ['square', 'urn:old', 's', 'equivalent'],
      ['odd', undefined, undefined, 'unmatched'],
    ]);
  });

  it('goes from one edition of a terminology to the next by code', () => {
    expect(migration?.id).toBe('shape-next');
    const found = groupsOf(migration).flatMap(({ source, target, element }) =>
      element.map(({ code, target: [to] }) => [source, code, target, to?.code]),
    );
    expect(found).toEqual([
      ['urn:old', 'o', 'urn:next', '1'],
      ['urn:old', 's', 'urn:next', '2'],
    ]);
  });
});
