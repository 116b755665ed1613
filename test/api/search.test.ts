import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logicalId } from '../../src/fhir/key.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { desired, ids, key, seedPublished, seedReferral } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

type Bundle = {
  type: string;
  total: number;
  link: { relation: string; url: string }[];
  entry?: { fullUrl: string; resource: { id: string; name?: string; resourceType: string } }[];
};

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  await seedPublished(database.store);
  await seedReferral(database.store);
  api = await startApi(database.store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function ask(
  query: string,
  client = 'reader',
  prefer = 'handling=strict',
): Promise<{ status: number; bundle: Bundle }> {
  const answer = await fetch(`${api.url}/fhir/${query}`, { headers: { ...basic(client), Prefer: prefer } });
  return { status: answer.status, bundle: (await answer.json()) as Bundle };
}
const names = ({ bundle }: { bundle: Bundle }) =>
  (bundle.entry ?? []).map(({ resource }) => resource.name ?? resource.id);
const link = (bundle: Bundle, relation: string) => bundle.link.find((one) => one.relation === relation)?.url;
const network = logicalId('Organization', key('net-west'));

describe('searching', () => {
  it('finds what the tenant published and nothing of another (P-36)', async () => {
    const west = await ask('Organization');
    expect(west.bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 2 });
    expect(names(west).sort()).toEqual(['Ancien réseau', 'Réseau Élan']);
    expect(names(await ask('Organization', 'east-reader'))).toEqual(['Réseau Est']);
  });

  it('has no entry element for an empty result', async () => {
    const { status, bundle } = await ask('CareTeam');
    expect(status).toBe(200);
    expect(bundle.total).toBe(0);
    expect(bundle).not.toHaveProperty('entry');
  });

  it.each([
    ['Organization?active=true', ['Réseau Élan']],
    ['Organization?name=reseau', ['Réseau Élan']],
    ['Organization?name=RÉSEAU%20el,ancien&active=false', ['Ancien réseau']],
    [`Organization?identifier=${encodeURIComponent(key('net-west'))}`, ['Réseau Élan']],
    ['Organization?identifier=net-west', ['Réseau Élan']],
    ['Organization?identifier=net-west,net-west/old&active=true', ['Réseau Élan']],
    ['Organization?identifier=https://elsewhere.example%7Cnet-west', []],
    ['Organization?_id=pas-none', []],
    ['PlanDefinition?url=https://passerelle.example/fhir/PlanDefinition/net-west&status=active&_count=0', []],
    ['Organization?_lastUpdated=2026-11-20&active=true', ['Réseau Élan']],
    ['Organization?_lastUpdated=gt2026-11-20', []],
    ['Organization?_lastUpdated=ge2026-11-20T08:00:00Z&_lastUpdated=le2026-11&active=true', ['Réseau Élan']],
    ['Organization?_lastUpdated=lt2026', []],
    ['Organization?_lastUpdated=ne2026-11-20', []],
    [`HealthcareService?organization=${network}`, ['Consultation']],
    [`HealthcareService?organization=Organization/${network}`, ['Consultation']],
    ['HealthcareService?organization=Organization/pas-none', []],
    ['HealthcareService?organization=Practitioner/x', []],
  ])('%s', async (query, expected) => {
    const found = await ask(query);
    expect(found.status).toBe(200);
    expect(names(found)).toEqual(expected);
  });

  it('counts without showing under _count=0', async () => {
    expect((await ask('PlanDefinition?_count=0')).bundle.total).toBe(1);
  });

  it('finds clinical resources by patient, status and reference, absolute references too', async () => {
    expect(names(await ask(`Task?patient=${ids.patient}&status=accepted`, 'placer'))).toEqual([ids.task]);
    expect(names(await ask(`Task?subject=${api.url}/fhir/Patient/${ids.patient}`, 'placer'))).toEqual([
      ids.task,
    ]);
    expect(names(await ask(`Task?patient=${ids.stranger}`, 'placer'))).toEqual([]);
    expect(names(await ask('ServiceRequest?intent=order&status=active,draft', 'fulfiller'))).toEqual([
      ids.order,
    ]);
  });

  it('shows placers and fulfillers only the patients of their own referrals', async () => {
    expect(names(await ask('Patient', 'placer'))).toEqual([ids.patient]);
    expect(names(await ask('Patient', 'fulfiller'))).toEqual([ids.patient]);
    expect(names(await ask('Patient', 'reader'))).toEqual([ids.patient, ids.stranger]);
    expect(names(await ask('Patient', 'east-reader'))).toEqual([]);
  });

  it('searches by POST exactly as by GET, rights included (P-38)', async () => {
    const post = (client: string) =>
      fetch(`${api.url}/fhir/Patient/_search?_count=5`, {
        method: 'POST',
        headers: basic(client),
        body: new URLSearchParams({ identifier: 'https://ghu.example/ipp|IPP-1' }),
      });
    expect(names({ bundle: (await (await post('placer')).json()) as Bundle })).toEqual([ids.patient]);
    expect(names({ bundle: (await (await post('east-reader')).json()) as Bundle })).toEqual([]);
    expect((await post('admin')).status).toBe(403);
  });
});

describe('what is not understood', () => {
  it('is refused under strict handling, naming what would be (CORE-11)', async () => {
    const answer = await ask('Organization?favourite=CANARY');
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.bundle)).toContain('partof');
    expect(JSON.stringify(answer.bundle)).not.toMatch(/CANARY|favourite/);
  });

  it('is ignored otherwise, and the self link says so', async () => {
    const { status, bundle } = await ask(
      'Organization?favourite=x&active=true',
      'reader',
      'handling=lenient',
    );
    expect(status).toBe(200);
    expect(link(bundle, 'self')).toBe(`${api.url}/fhir/Organization?active=true`);
  });

  it.each([
    'Organization?name:missing=true',
    'Organization?identifier:contains=x',
    'Organization?name:exact:contains=x',
    'Task?patient.identifier=x',
    'Organization?_lastUpdated=yesterday',
    'Organization?_lastUpdated=2026-13',
    'Organization?active=maybe',
    'Organization?identifier=a%7Cb%7Cc',
    'Organization?_count=many',
    'Organization?_cursor=anything',
  ])('is refused even when lenient where ignoring it would widen the search: %s', async (query) => {
    expect((await ask(query, 'reader', '')).status).toBe(400);
  });

  it('is refused beyond 200 values', async () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`).join(',');
    expect((await ask(`Organization?identifier=${values(200)}`)).status).toBe(200);
    expect((await ask(`Organization?identifier=${values(201)}`)).status).toBe(413);
  });
});

describe('paging', () => {
  const many = 23;

  beforeAll(async () => {
    await database.store.networks.save(
      'west',
      { id: 'net-many', kind: 'any', name: 'many', source: '', sourceFile: 'f', sourceHash: 'h' },
      new Date('2026-11-20T08:00:00.000Z'),
    );
    const rows = await database.store.desired.list('west');
    const locations = Array.from({ length: many }, (_, index) =>
      desired('net-many', `net-many/place-${index}`, {
        resourceType: 'Location',
        status: 'active',
        name: `L${index}`,
      }),
    );
    await database.store.desired.replace('west', [...rows, ...locations]);
  });

  it('gives every match exactly once, whatever the size of the page', async () => {
    for (const count of [1, 7, 23, 200]) {
      const seen: string[] = [];
      let next: string | undefined = `Location?status=active&_count=${count}`;
      while (next) {
        const { status, bundle } = await ask(next);
        expect(status).toBe(200);
        expect(bundle.total).toBe(many);
        expect(bundle.entry!.length).toBeLessThanOrEqual(count);
        seen.push(...names({ bundle }));
        next = link(bundle, 'next')?.replace(`${api.url}/fhir/`, '');
      }
      expect(new Set(seen).size).toBe(many);
      expect(seen).toHaveLength(many);
    }
  });

  it('keeps what is searched out of the next link, and ties it to the caller', async () => {
    const { bundle } = await ask('Location?name=L1&_count=2');
    const next = link(bundle, 'next')!;
    expect(next).toMatch(/\/Location\?_cursor=[\w-]+$/);
    const path = next.replace(`${api.url}/fhir/`, '');
    expect((await ask(path)).status).toBe(200);
    expect((await ask(path, 'east-reader')).status).toBe(400);
    expect((await ask(path.replace('Location', 'Organization'))).status).toBe(400);
    const damaged = path.slice(0, -2) + (path.endsWith('AA') ? 'BB' : 'AA');
    expect((await ask(damaged)).status).toBe(400);
  });

  it('caps a page at 200', async () => {
    expect((await ask('Location?_count=999999')).status).toBe(200);
  });
});
