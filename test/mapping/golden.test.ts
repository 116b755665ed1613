import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { hasErrors } from '../../src/fhir/issue.ts';
import { compileMapping, type Mapping } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceRecord } from '../../src/mapping/types.ts';
import { goldenDay, records, shippedLibrary, shippedMappings } from './corpus.ts';
import { bundleText, codesFile, codesText, goldenFile, readGolden } from './golden.ts';

/** `PASSERELLE_GOLDEN=write` rewrites the golden files; look at the difference before committing it. */
const rewrite = process.env['PASSERELLE_GOLDEN'] === 'write';

const library = shippedLibrary();
const mappings = new Map<string, Mapping>();
let corpus: SourceRecord[];

beforeAll(async () => {
  corpus = await records();
  for (const [kind, definition] of shippedMappings()) {
    const { mapping, issues } = compileMapping(definition, library);
    expect(issues).toEqual([]);
    if (mapping) mappings.set(kind, mapping);
  }
  if (!rewrite) return;
  writeFileSync(codesFile, codesText(library.codes));
  for (const record of corpus) writeFileSync(goldenFile(record), bundleText(mappingOf(record), record).text);
});

function mappingOf(record: SourceRecord): Mapping {
  const mapping = mappings.get(record.kind);
  if (!mapping) throw new Error(`no mapping of ${record.kind}`);
  return mapping;
}

describe('the mappings that ship', () => {
  it('map every example network and every complete record to its golden Bundle, without an error', () => {
    const golden = readGolden(corpus);
    expect(corpus.length).toBeGreaterThanOrEqual(13);
    for (const record of corpus) {
      const { text, issues } = bundleText(mappingOf(record), record);
      expect({ id: record.id, errors: hasErrors(issues) }).toEqual({ id: record.id, errors: false });
      expect(JSON.parse(text)).toEqual(JSON.parse(golden.bundles.get(record.id) ?? ''));
      expect(text).toBe(golden.bundles.get(record.id));
    }
  });

  it('give every word of the code tables the code that was agreed', () => {
    expect(codesText(library.codes)).toBe(readGolden(corpus).codes);
  });

  it('publish each network as exactly one Organization under its own key', () => {
    for (const record of corpus) {
      const { resources } = mapRecord(mappingOf(record), record, { at: goldenDay });
      const key = `https://passerelle.example/fhir/network|${record.id}`;
      expect(resources.filter((one) => one.key === key).map((one) => one.type)).toEqual(['Organization']);
    }
  });

  it('carry profile, source, tag and the business key as first identifier on everything', () => {
    for (const record of corpus) {
      for (const { key, body } of mapRecord(mappingOf(record), record, { at: goldenDay }).resources) {
        const [first] = body['identifier'] as { system: string; value: string }[];
        expect(`${first?.system}|${first?.value}`).toBe(key);
        expect(body.meta?.profile?.[0]).toMatch(
          /^https:\/\/passerelle\.example\/fhir\/StructureDefinition\/pas-/,
        );
        expect(body.meta?.source).toBe('https://passerelle.example/fhir/gateway');
        expect(body.meta?.tag?.[0]?.code).toBe('passerelle');
        expect(body.id).toBeUndefined();
      }
    }
  });

  it('never use OrganizationAffiliation.network (IHE mCSD, MCSD-07)', () => {
    for (const record of corpus) {
      const { resources } = mapRecord(mappingOf(record), record, { at: goldenDay });
      expect(resources.filter((one) => 'network' in one.body)).toEqual([]);
    }
  });
});
