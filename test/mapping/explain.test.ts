import { beforeAll, describe, expect, it } from '@jest/globals';
import { compileMapping } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceRecord } from '../../src/mapping/types.ts';
import { goldenDay, records, shippedLibrary, shippedMappings } from './corpus.ts';
import { elements, record } from './inline.ts';

describe('a mapping asked to explain itself', () => {
  it('names element, rule and source of everything it wrote', () => {
    const compiled = elements(`      name: { $path: name }
      telecom:
        - system: url
          value: https://x.example
        - $for: phones
          $as: phone
          system: phone
          value: { $path: phone.number }`);
    const source = record('id: a\nname: N\nphones: [{ number: 1 }, {}, { number: 2 }]');
    const { resources } = mapRecord(compiled, source, { at: goldenDay, explain: true });
    expect(resources[0]?.origin).toEqual([
      { element: 'identifier[0].value', rule: 'mapping.yaml:3', path: '/id' },
      { element: 'meta', rule: 'mapping.yaml:3', path: '' },
      { element: 'name', rule: 'mapping.yaml:9', path: '/name' },
      { element: 'telecom[0].system', rule: 'mapping.yaml:11', path: '' },
      { element: 'telecom[0].value', rule: 'mapping.yaml:12', path: '' },
      { element: 'telecom[1].system', rule: 'mapping.yaml:15', path: '' },
      { element: 'telecom[1].value', rule: 'mapping.yaml:16', path: '/phones/0/number' },
      { element: 'telecom[2].system', rule: 'mapping.yaml:15', path: '' },
      { element: 'telecom[2].value', rule: 'mapping.yaml:16', path: '/phones/2/number' },
    ]);
  });

  let corpus: SourceRecord[];
  beforeAll(async () => {
    corpus = await records();
  });

  it('writes exactly what it writes unasked, and every source it names is a place in the file', () => {
    const mappings = shippedMappings();
    for (const source of corpus) {
      const { mapping } = compileMapping(mappings.get(source.kind)!, shippedLibrary());
      const plain = mapRecord(mapping!, source, { at: goldenDay });
      const explained = mapRecord(mapping!, source, { at: goldenDay, explain: true });
      expect(explained.resources.map((one) => one.body)).toEqual(plain.resources.map((one) => one.body));
      expect(plain.resources.every((one) => one.origin.length === 0)).toBe(true);
      const paths = explained.resources.flatMap((one) => one.origin).filter((one) => one.path !== '');
      expect(paths.length).toBeGreaterThan(10);
      expect(paths.filter(({ path }) => !source.positionOf(path))).toEqual([]);
    }
  });

  it('leaves no element without its rule, and names the row of a list file', () => {
    const mappings = shippedMappings();
    for (const source of corpus) {
      const { mapping } = compileMapping(mappings.get(source.kind)!, shippedLibrary());
      for (const { body, key, origin } of mapRecord(mapping!, source, { at: goldenDay, explain: true })
        .resources) {
        const explained = origin.map(({ element }) => element);
        const unexplained = leavesOf(body).filter(
          (leaf) =>
            !/^(resourceType|identifier\[0\])/.test(leaf) &&
            !explained.some((element) => leaf.startsWith(element)),
        );
        expect([key, unexplained]).toEqual([key, []]);
        expect(origin.every(({ rule }) => /^mappings\/.*\.yaml:\d+$/.test(rule))).toBe(true);
      }
    }
    const listed = corpus.find(({ file }) => file.includes('cso-idf-ouest'))!;
    const row = listed.positionOf('/etablissements/2/nom');
    expect(row?.file).toMatch(/\.csv$/);
  });
});

/** Paths of the simple values of a resource, as origins name elements. */
function leavesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, child]) => {
    const step = Array.isArray(value) ? `[${name}]` : path ? `.${name}` : name;
    return leavesOf(child, path + step);
  });
}
