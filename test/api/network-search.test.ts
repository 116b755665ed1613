/** What only networks say is found by tags and by search parameters of the guide. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logicalId } from '../../src/fhir/key.ts';
import { contentHash, normalForm } from '../../src/fhir/normal.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readNetwork } from '../../src/network/read.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { kindsOfTheProject, today } from '../network/project.ts';
import { key, loadedAt } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

type Bundle = { entry?: { resource: { resourceType: string; identifier: { value: string }[] } }[] };

const files = [
  'examples/networks/cso-idf-ouest.yaml',
  'test/fixtures/mapping/records/cso-complete.yaml',
  'examples/networks/cpts-communaute-inventee.yaml',
];
const region = 'https://mos.esante.gouv.fr/NOS/TRE_R30-RegionOM/FHIR/TRE-R30-RegionOM';
const level = 'https://mos.esante.gouv.fr/NOS/TRE_R344-NiveauExpertise/FHIR/TRE-R344-NiveauExpertise';

/** All kinds are compiled and three networks mapped. */
const minutes = 60_000;

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  const kinds = await kindsOfTheProject();
  const desired = [];
  for (const file of files) {
    const { network } = await readNetwork(file);
    const { id, kind } = network!;
    const { resources } = mapRecord(kinds.get(kind)!.mapping, network!, { at: today });
    await database.store.networks.save(
      'west',
      { id, kind, name: id, source: '', sourceFile: file, sourceHash: 'h1' },
      loadedAt,
    );
    for (const { type, key: of, class: ownership, body } of resources)
      desired.push({
        ...{ networkId: id, type, key: of, class: ownership, body, origin: {} },
        hash: contentHash(normalForm(body)),
      });
  }
  await database.store.desired.replace('west', desired);
  api = await startApi(database.store);
}, minutes * 3);
afterAll(async () => {
  await api.close();
  await database.close();
});

/** Types and last parts of the keys of what is found, in alphabetical order. */
async function found(query: string): Promise<string[]> {
  const answer = await fetch(`${api.url}/fhir/${query}`, {
    headers: { ...basic('reader'), Prefer: 'handling=strict' },
  });
  expect(answer.status).toBe(200);
  const { entry = [] } = (await answer.json()) as Bundle;
  return entry.map(({ resource }) => `${resource.resourceType} ${resource.identifier[0]!.value}`).sort();
}

const token = (system: string, code: string): string => encodeURIComponent(`${system}|${code}`);
const filiere = logicalId('Organization', key('cso-idf-ouest'));

describe('searching what networks say', () => {
  it('finds the partners of a filière in a region', async () => {
    const of = `OrganizationAffiliation?primary-organization=${filiere}&active=true`;
    const inRegion = await found(`${of}&_tag=${token(region, '11')}`);
    expect(inRegion.length).toBeGreaterThan(3);
    expect(inRegion.every((one) => one.startsWith('OrganizationAffiliation cso-idf-ouest/'))).toBe(true);
    expect(await found(`${of}&_tag=${token(region, '93')}`)).toEqual([]);
  });

  it('finds partners of a level, with their affiliation', async () => {
    const [first, ...others] = await found(
      `HealthcareService?characteristic=${token(level, '41')}&_tag=${token(region, '11')}&_revinclude=OrganizationAffiliation:service`,
    );
    expect(first).toMatch(/^HealthcareService cso-(idf-ouest|complete)\/activity\//);
    const member = first!
      .replace('HealthcareService', 'OrganizationAffiliation')
      .replace('activity', 'member');
    expect(others).toContain(member);
    expect(await found(`HealthcareService?characteristic=${token(level, '1')}`)).toEqual([]);
  });

  it('finds agreements that have expired by a day, and no others', async () => {
    const expired = await found('OrganizationAffiliation?agreement-period=eb2026-11-22');
    expect(expired.length).toBeGreaterThan(0);
    const running = await found('OrganizationAffiliation?agreement-period=ge2026-11-22');
    expect(running.length).toBeGreaterThan(0);
    expect(expired.filter((one) => running.includes(one))).toEqual([]);
  });

  it('finds affiliations by the type of their agreement', async () => {
    expect((await found('OrganizationAffiliation?agreement=convention-cso')).length).toBeGreaterThan(0);
    expect(await found('OrganizationAffiliation?agreement=ACI')).toEqual([]);
  });

  it('finds the territory of a commune, and the network of a territory', async () => {
    expect(await found('Location?commune=29039')).toEqual(['Location cpts-communaute-inventee/territory']);
    const territory = logicalId('Location', key('cpts-communaute-inventee/territory'));
    expect(await found(`Organization?territory=${territory}`)).toEqual([
      'Organization cpts-communaute-inventee',
    ]);
  });

  it('finds networks by a stage and by the day of one', async () => {
    const stage = 'https://passerelle.example/fhir/CodeSystem/constitution-stage';
    const reached = await found(`Organization?stage=${token(stage, 'contrat-aci')}&stage-date=2023-01`);
    expect(reached).toEqual(['Organization cpts-communaute-inventee']);
    expect(await found('Organization?stage-date=gt2026-11-22')).toEqual([]);
  });
});
