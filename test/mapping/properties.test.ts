import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logicalId } from '../../src/fhir/key.ts';
import { referencesIn } from '../../src/fhir/references.ts';
import type { JsonObject } from '../../src/fhir/types.ts';
import { resolveBundle, toNdjson } from '../../src/mapping/bundle.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceRecord } from '../../src/mapping/types.ts';
import { goldenDay, shippedLibrary, shippedMappings } from './corpus.ts';
import { mapping } from './inline.ts';

const library = shippedLibrary();
const shipped = [...shippedMappings().values()].map(
  (definition) => compileMapping(definition, library).mapping!,
);

function asRecord(data: JsonObject): SourceRecord {
  return {
    kind: 'test',
    id: 'test',
    name: 'Test',
    file: 'generated.yaml',
    data,
    positionOf: (pointer) => (pointer === '' ? { file: 'generated.yaml', line: 1, column: 1 } : undefined),
  };
}

/** Fields as networks have them, filled with anything. */
const field = fc.constantFrom(
  ...['id', 'name', 'territoire', 'etablissements', 'professionnels', 'equipes', 'offres', 'missions'],
  ...['membres', 'finess', 'rpps', 'role', 'niveau', 'debut', 'fin', 'protocole', 'etapes', 'categorie'],
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(field, tie('value'), { maxKeys: 8 }),
})).object as fc.Arbitrary<JsonObject>;

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function emptyParts(value: unknown): unknown[] {
  if (isEmpty(value)) return [value];
  return typeof value === 'object' ? Object.values(value as object).flatMap(emptyParts) : [];
}

it('mapping never throws, whatever the record holds, and writes no empty part', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shipped), anything, (compiled, data) => {
      const { resources } = mapRecord(compiled, asRecord(data), { at: goldenDay });
      expect(resources.flatMap((one) => emptyParts(one.body))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('mapping is a function of record, mapping and day, and leaves the record as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shipped), anything, (compiled, data) => {
      const before = JSON.stringify(data);
      const [first, second] = [1, 2].map(() => mapRecord(compiled, asRecord(data), { at: goldenDay }));
      expect(second).toEqual(first);
      expect(JSON.stringify(data)).toBe(before);
    }),
    { numRuns: 100 },
  );
});

const members = mapping(`kind: test
resources:
  network:
    type: Organization
    class: owned
    key: '{id}'
    profile: pas-network-organization
    elements: { name: { $path: name } }
  member:
    type: OrganizationAffiliation
    class: owned
    forEach: members
    as: member
    id: member.id
    key: '{id}/member/{member.id}'
    profile: pas-affiliation
    elements:
      active: { $current: { start: member.from, end: member.to } }
      period: { start: { $path: member.from }, end: { $path: member.to } }
      organization: { $reference: network }`);

const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const member = fc.record({ from: day, to: day }, { requiredKeys: [] });

it('each member yields one affiliation, active exactly while its period holds', () => {
  fc.assert(
    fc.property(fc.array(member, { maxLength: 8 }), day, (list, at) => {
      const data = { id: 'n', members: list.map((one, index) => ({ ...one, id: `m${index}` })) };
      const { resources, issues } = mapRecord(members, asRecord(data), { at });
      expect(issues).toEqual([]);
      const affiliations = resources.filter((one) => one.type === 'OrganizationAffiliation');
      expect(affiliations.map((one) => one.body['active'])).toEqual(
        list.map(({ from, to }) => (from === undefined || from <= at) && (to === undefined || at <= to)),
      );
    }),
  );
});

it('a resolved Bundle has one entry a resource, unique full URLs and no reference that leads nowhere', () => {
  fc.assert(
    fc.property(fc.array(member, { maxLength: 8 }), (list) => {
      const data = { id: 'n', members: list.map((one, index) => ({ ...one, id: `m${index}` })) };
      const { resources } = mapRecord(members, asRecord(data), { at: goldenDay });
      const bundle = resolveBundle(resources);
      const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
      expect(urls.size).toBe(resources.length);
      for (const reference of referencesIn(bundle)) {
        expect(urls.has(`https://passerelle.example/fhir/${reference}`)).toBe(true);
      }
      const lines = toNdjson(bundle)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string });
      expect(lines.map(({ id }) => id)).toEqual(resources.map(({ type, key }) => logicalId(type, key)));
    }),
  );
});
