/** Whatever the columns and texts of the held directory narrow a search down to: no match of it is lost. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heldCriteriaOf } from '../../src/api/fhir/held-criteria.ts';
import { renderHeld } from '../../src/api/fhir/render-held.ts';
import { matchesAll } from '../../src/api/fhir/search-match.ts';
import { compileSearch } from '../../src/api/fhir/search-query.ts';
import { servedTable } from '../../src/api/table.ts';
import { recordOf, contentOf } from '../../src/directory/api/record.ts';
import { personForm, roleForm, structureForm } from '../../src/directory/extract/forms.ts';
import { finessRecord } from '../../src/directory/finess/structure.ts';
import { extractRoleSystem, shortKey } from '../../src/directory/keys.ts';
import type { ReadRecord } from '../../src/directory/types.ts';
import { folded } from '../../src/fhir/folded.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource, CodeableConcept, HumanName, Identifier } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { names } from '../names.ts';
import { addRun, addSource } from './held.ts';

const table = servedTable(new Set());
const seed = 2026;
const cell = names.map((name) => name.replaceAll('|', ' ').trim());

/** As the API, the extracts and FINESS say people and places. */
const said: fc.Arbitrary<(n: number) => ReadRecord> = fc.oneof(
  fc
    .array(
      fc.record(
        { family: names, given: fc.array(names, { maxLength: 2 }), text: names, prefix: fc.array(names) },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 2 },
    )
    .map(
      (name) => (n: number) => given('Practitioner', n, { name, qualification: [{ code: concept('q') }] }),
    ),
  fc
    .record({ name: names, alias: fc.array(names, { maxLength: 2 }) })
    .map((told) => (n: number) => given('Organization', n, told)),
  names.map((name) => (n: number) => {
    const contained = [{ resourceType: 'Organization', name: 'inner', identifier: [] }];
    return given('Organization', n, { contained, name });
  }),
  fc.tuple(cell, cell).map(
    ([family, first]) =>
      (n: number) =>
        filed('Practitioner', n, personForm, `0|${n}|DR|M|${family}|${first}`, `${family} ${first}`.trim()),
  ),
  fc.tuple(cell, cell).map(
    ([name, sign]) =>
      (n: number) =>
        filed('Organization', n, structureForm, `|||||${name}|${sign}`, name || sign),
  ),
  fc
    .record({ name: cell, longName: cell, complement: cell })
    .map(
      (told) => (n: number) =>
        finessRecord(
          { level: 'S', finess: String(n).padStart(9, '0'), ...told, name: told.name || 'x' },
          undefined,
          'active',
        ),
    ),
);

function given(kind: string, n: number, elements: object): ReadRecord {
  const identifier = [{ system: 'urn:given', value: String(n) }];
  const resource = { resourceType: kind, id: `id-${n}`, identifier, ...elements } as AnyResource;
  return recordOf(resource, contentOf(resource), { base: 'https://x.example', professionSystems: [] })!;
}

function filed(
  kind: ReadRecord['kind'],
  n: number,
  form: string,
  content: string,
  name?: string,
): ReadRecord {
  const systemOf: Partial<Record<ReadRecord['kind'], string>> = {
    ...{ Organization: systems.idNatSt, Practitioner: systems.idNatPs, PractitionerRole: extractRoleSystem },
  };
  return {
    ...{ kind, key: `${systemOf[kind]}|4${n}`, state: 'active', form, content, hash: Buffer.alloc(16) },
    facts: name ? { name } : {},
  };
}

let database: TestDatabase;
const held = new Map<string, AnyResource[]>();
beforeAll(async () => {
  database = await freshDatabase();
  const { store } = database;
  await addSource(store, 'national', 0);
  const run = await addRun(store, 'national', '2026-11-01T02:00:00Z');
  const records = [
    ...fc.sample(said, { seed, numRuns: 400 }).map((make, n) => make(n)),
    filed(
      'PractitionerRole',
      1,
      roleForm,
      '10|Médecin|C|S|SM54|Médecine générale|L||FON-01|Titulaire|GENR01',
    ),
    filed('PractitionerRole', 2, roleForm, '93|Psychologue|C||||S'),
    given('PractitionerRole', 1003, { code: [{ coding: [{ code: 'bare "code"' }] }] }),
    given('HealthcareService', 1004, { type: [{ coding: [{ system: 'urn:type', code: '35' }] }] }),
    given('Organization', 1005, { name: 'x', type: Array.from({ length: 60 }, (_, n) => concept(`t${n}`)) }),
    finessRecord(
      { level: 'L', finess: '990000001', name: 'EJ', category: '355', status: '13' },
      undefined,
      'active',
    ),
  ];
  for (const { kind, key, state, form, content, hash, facts } of records)
    await store.db
      .insertInto('directory_record')
      .values({
        ...{
          source: 'national',
          kind,
          key: shortKey(key),
          state,
          form,
          content,
          hash,
          name: facts.name ?? null,
        },
        ...{
          codes: facts.codes ? [...facts.codes] : null,
          ...{ identifiers: facts.identifiers?.map(shortKey) ?? null },
          created_run: run,
          changed_run: run,
        },
      })
      .execute();
  for (const kind of ['Practitioner', 'Organization', 'PractitionerRole', 'HealthcareService']) {
    const rows = await store.directoryServed.search('west', kind, { criteria: [], limit: 1000 });
    held.set(kind, await renderHeld({ store }, 'west', rows));
  }
});
afterAll(() => database.close());

function concept(code: string): CodeableConcept {
  return { coding: [{ system: 'urn:many', code }] };
}

const escaped = (value: string): string => value.replace(/[,|$\\]/g, '\\$&');

/** Ids of what matches, and of what is left after narrowing. */
async function both(
  type: string,
  name: string,
  value: string,
): Promise<[matching: string[], left: string[]]> {
  const row = table.get(type)!;
  const query = await compileSearch(new URLSearchParams([[name, value]]), {
    ...{ row, fhirBase: 'https://x.example/fhir', strict: true, keyOf: () => Promise.resolve(undefined) },
    systemsOf: (kind) => database.store.directoryServed.systems(kind),
  });
  const left = await database.store.directoryServed.search('west', type, {
    ...{ criteria: heldCriteriaOf(row, query), limit: 1000 },
  });
  const matching = held.get(type)!.filter((resource) => matchesAll(resource, query.asked));
  return [matching.map(({ id }) => id!), left.map(({ id }) => id)];
}

const textsOf = (resource: AnyResource): string[] => {
  const { name, alias } = resource as { name?: string | HumanName[]; alias?: string[] };
  if (typeof name === 'string') return [name, ...(alias ?? [])];
  return (name ?? []).flatMap(({ family, given: first, text, prefix }) => [
    ...[family ?? [], first ?? [], text ?? [], prefix ?? []].flat(),
  ]);
};

describe('what a search of the held directory is narrowed down to', () => {
  it('has every record whose name matches, in whatever alphabet and however it is written (property)', async () => {
    const word = fc.oneof(
      names,
      fc
        .tuple(fc.constantFrom('Practitioner', 'Organization'), fc.nat(), fc.nat(), fc.nat(12), fc.nat(12))
        .map(([type, n, m, from, length]) => {
          const all = held.get(type)!;
          const texts = textsOf(all[n % all.length]!);
          return [...(texts[m % Math.max(1, texts.length)] ?? 'x')]
            .slice(from % 4, (from % 4) + length + 1)
            .join('');
        }),
    );
    const written = fc
      .tuple(
        word,
        fc.constantFrom(
          (text: string) => text,
          (text: string) => text.toUpperCase(),
          (text: string) => text.toLowerCase(),
          (text: string) => text.normalize('NFD'),
          (text: string) => text.normalize('NFC'),
          folded,
        ),
      )
      .map(([text, write]) => write(text))
      .filter((text) => text !== '');
    const parameter = fc.constantFrom(
      ...['name', 'name:contains', 'name:exact'].flatMap((name) => [
        `Practitioner ${name}`,
        `Organization ${name}`,
      ]),
      ...['family', 'given:contains', 'family:exact'].map((name) => `Practitioner ${name}`),
    );
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(parameter, written, async (asked, value) => {
        const [type, name] = asked.split(' ') as [string, string];
        const [matching, left] = await both(type, name, escaped(value));
        matched += matching.length;
        expect(left).toEqual(expect.arrayContaining(matching));
      }),
      { numRuns: 150, seed },
    );
    expect(matched).toBeGreaterThan(50);
  });

  it.each([
    ['PractitionerRole', 'role', 'code'],
    ['PractitionerRole', 'specialty', 'specialty'],
    ['Organization', 'type', 'type'],
    ['HealthcareService', 'service-type', 'type'],
  ])('has every %s by every code that it shows: %s', async (type, name, element) => {
    const codings = held
      .get(type)!
      .flatMap((resource) =>
        ((resource[element] ?? []) as CodeableConcept[]).flatMap(({ coding = [] }) => coding),
      );
    expect(codings.length).toBeGreaterThan(0);
    const tokens = codings.flatMap(({ system, code }) => [
      escaped(code!),
      ...(system ? [`${system}|`, `${system}|${escaped(code!)}`] : []),
    ]);
    for (const token of new Set(tokens)) {
      const [matching, left] = await both(type, name, token);
      expect([token, left]).toEqual([token, expect.arrayContaining(matching)]);
    }
    const [every] = await Promise.all(
      [...new Set(codings.map(({ code }) => code!))].map((code) => both(type, name, escaped(code))),
    );
    expect(every![0].length).toBeGreaterThan(0);
  });

  it('has every record by each of its identifiers, with its system, without it and by the system alone', async () => {
    for (const [type, resources] of held)
      for (const { identifier } of resources.slice(0, 20) as { identifier?: Identifier[] }[])
        for (const { system, value } of identifier ?? [])
          for (const token of [escaped(value!), `${system}|${escaped(value!)}`, `${system}|`]) {
            const [matching, left] = await both(type, 'identifier', token);
            expect([token, matching.length > 0]).toEqual([token, true]);
            expect([token, left]).toEqual([token, expect.arrayContaining(matching)]);
          }
  });

  it('leaves away what has none of the letters or codes', async () => {
    for (const word of ['coding', 'practitioner', 'https'])
      expect((await both('Practitioner', 'name:contains', word))[1]).toEqual([]);
    expect((await both('Organization', 'name:contains', 'qqqqq'))[1]).toEqual([]);
    expect((await both('PractitionerRole', 'role', 'SM05'))[1]).toEqual([]);
    expect((await both('PractitionerRole', 'specialty', 'SM54'))[1]).toHaveLength(1);
  });
});
