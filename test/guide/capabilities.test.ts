/** The guide's statements say what the gateway does, and its search parameters find what it writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, CapabilityStatement, FhirResource, SearchParameter } from 'fhir/r4.js';
import fhirpath, { type Model } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { interactionsOf, typeTable } from '../../src/api/table.ts';
import { root } from '../../scripts/guide/resources.ts';

const generated = join(root, 'profiles', 'generated');
const golden = join(root, 'test', 'fixtures', 'mapping');
const read = <T>(folder: string, name: string): T =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

const resources = readdirSync(golden)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => read<Bundle>(golden, name).entry ?? [])
  .map(({ resource }) => resource as FhirResource);
const parameters = readdirSync(generated).filter((name) => name.startsWith('SearchParameter-'));

describe('the gateway’s statement in the guide', () => {
  const statement = read<CapabilityStatement>(generated, 'CapabilityStatement-passerelle-gateway.json');
  const stated = statement.rest![0]!.resource!;

  it('names the types and interactions of the table that /fhir serves, and no others', () => {
    expect(stated.map(({ type, interaction }) => [type, interaction!.map(({ code }) => code)])).toEqual(
      typeTable.map((row) => [row.type, interactionsOf(row)]),
    );
  });

  it('names the search parameters of the table', () => {
    for (const row of typeTable) {
      const { searchParam = [] } = stated.find(({ type }) => type === row.type)!;
      const own = searchParam
        .map(({ name }) => name)
        .filter((name) => name !== '_id' && name !== '_lastUpdated');
      expect(own).toEqual(row.search.map(({ name }) => name));
    }
  });
});

describe('the search parameters of the guide', () => {
  it('are all served by /fhir, which names them', () => {
    const { rest } = read<CapabilityStatement>(generated, 'CapabilityStatement-passerelle-gateway.json');
    const served = rest![0]!.resource!.flatMap(({ type, searchParam = [] }) =>
      searchParam.flatMap(({ name, type: form, definition }) =>
        definition === undefined ? [] : [[definition, type, name, form]],
      ),
    );
    const defined = parameters
      .map((name) => read<SearchParameter>(generated, name))
      .map(({ url, base, code, type }) => [url, base[0], code, type]);
    expect(served.sort()).toEqual(defined.sort());
  });
});

describe('the statement asked of a hospital', () => {
  it('covers every type that networks publish', () => {
    const { rest } = read<CapabilityStatement>(generated, 'CapabilityStatement-hospital-server.json');
    const asked = rest![0]!.resource!.map(({ type }) => type as string);
    const written = new Set(resources.map(({ resourceType }) => resourceType));
    expect([...written].filter((type) => !asked.includes(type))).toEqual([]);
  });
});

describe('a search parameter of the guide', () => {
  it.each(parameters)('%s finds a value in what networks become', (name) => {
    const { base, expression } = read<SearchParameter>(generated, name);
    const compiled = fhirpath.compile(expression!, r4 as Model);
    const values = resources
      .filter(({ resourceType }) => base.includes(resourceType as never))
      .flatMap((resource) => compiled(resource) as unknown[]);
    expect(values).not.toEqual([]);
  });
});
