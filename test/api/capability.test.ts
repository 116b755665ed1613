import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import {
  type Interaction,
  interactionsOf,
  servedTable,
  type TypeRow,
  typeTable,
} from '../../src/api/table.ts';
import type { CapabilityStatement } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;
let statement: CapabilityStatement;

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi(database.store);
  statement = (await (await fetch(`${api.url}/fhir/metadata`)).json()) as CapabilityStatement;
});
afterAll(async () => {
  await api.close();
  await database.close();
});

/** A request for each interaction, right in form, about nothing that exists. */
const requests: Record<
  Interaction | 'delete' | 'patch',
  (type: string) => [method: string, path: string, body?: object]
> = {
  read: (type) => ['GET', `${type}/pas-none`],
  vread: (type) => ['GET', `${type}/pas-none/_history/1`],
  'search-type': (type) => ['GET', type],
  'history-instance': (type) => ['GET', `${type}/pas-none/_history`],
  'history-type': (type) => ['GET', `${type}/_history`],
  create: (type) => [
    'POST',
    type,
    { resourceType: type, ...(type === 'Bundle' ? { type: 'document' } : {}) },
  ],
  update: (type) => ['PUT', `${type}/pas-none`, { resourceType: type, id: 'pas-none' }],
  delete: (type) => ['DELETE', `${type}/pas-none`],
  patch: (type) => ['PATCH', `${type}/pas-none`],
};

async function statusOf(client: string, [method, path, body]: [string, string, object?]): Promise<number> {
  const answer = await fetch(`${api.url}/fhir/${path}`, {
    method,
    headers: { ...basic(client), ...(body ? { 'Content-Type': 'application/fhir+json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return answer.status;
}

const statedOf = (type: string): string[] =>
  (statement.rest![0]!.resource!.find((resource) => resource.type === type)?.interaction ?? []).map(
    ({ code }) => code,
  );

/** A client that may: readers read, and each write has its roles. */
function clientFor(row: TypeRow, interaction: string): string {
  if (interaction === 'create') return row.create?.[0] ?? 'fulfiller';
  if (interaction === 'update') return row.update?.[0] ?? 'fulfiller';
  return 'fulfiller';
}

describe('CapabilityStatement', () => {
  it('says what this instance is', () => {
    expect(statement).toMatchObject({
      resourceType: 'CapabilityStatement',
      kind: 'instance',
      fhirVersion: '4.0.1',
      software: { name: 'Passerelle', version: '0.0.0-test' },
      implementation: { url: `${api.url}/fhir` },
    });
  });

  it.each(typeTable.map((row) => [row.type, row] as const))(
    'states of %s exactly what is served: what is stated is done, the rest is 405',
    async (type, row) => {
      const stated = statedOf(type);
      for (const [interaction, request] of Object.entries(requests)) {
        const status = await statusOf(clientFor(row, interaction), request(type));
        const done = interaction === 'delete' ? [204] : [200, 201, 404]; // gone is gone, were it never there
        if (stated.includes(interaction)) expect(done).toContain(status);
        else expect(`${interaction} ${status}`).toBe(`${interaction} 405`);
      }
    },
  );

  it('states an update only where something behind takes it', () => {
    expect(statedOf('ServiceRequest')).toContain('update');
    const without = servedTable(new Set()).get('ServiceRequest')!;
    expect(interactionsOf(without)).not.toContain('update');
  });

  it.each(typeTable.filter(({ search }) => search.length).map((row) => [row.type, row] as const))(
    'states of %s exactly the search parameters that strict handling takes',
    async (type) => {
      const resource = statement.rest![0]!.resource!.find((one) => one.type === type)!;
      const sample: Record<string, string> = {
        date: '2026',
        token: 'true',
        reference: 'Patient/x',
        string: 'x',
        uri: 'x',
      };
      const ask = (query: string) =>
        fetch(`${api.url}/fhir/${type}?${query}`, {
          headers: { ...basic('reader'), Prefer: 'handling=strict' },
        });
      for (const { name, type: kind } of resource.searchParam!)
        expect(`${name} ${(await ask(`${name}=${sample[kind]}`)).status}`).toBe(`${name} 200`);
      expect((await ask('not-a-parameter=x')).status).toBe(400);
    },
  );

  it('answers 404 for types and paths it does not state', async () => {
    for (const path of ['Medication', 'Medication/1', 'CODE', 'Task/a/b/c/d', '__proto__', 'constructor/x'])
      expect([404, 405]).toContain(await statusOf('reader', ['GET', path]));
    expect(await statusOf('reader', ['GET', 'Medication'])).toBe(404);
    expect(await statusOf('reader', ['GET', '%E0%A4%A'])).toBe(400);
  });

  it('is told in docs/api.md in the same table, with one request each', async () => {
    const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
    for (const row of typeTable) {
      const line = page.split('\n').find((one) => one.startsWith(`| ${row.type} |`));
      const told = line
        ?.split('|')[2]
        ?.split(',')
        .map((one) => one.trim())
        .filter(Boolean);
      expect([row.type, told]).toEqual([row.type, interactionsOf(row)]);
    }
    for (const interaction of new Set(typeTable.flatMap(interactionsOf)))
      expect(page).toContain(`**${interaction}**`);
  });
});
