import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systems } from '../../src/fhir/identifiers.ts';
import { logicalId } from '../../src/fhir/key.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource, Bundle, OperationOutcome } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { syntheticIdentifiers } from '../synthetic.ts';
import { addRun, addSource, hold } from './held.ts';
import { desired, key as networkKey, seedPublished } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

const draw = syntheticIdentifiers({ seed: 36 });
const finess = { system: systems.finess, value: draw.finess() };
const siret = { system: systems.siren, value: draw.siret() };
const legal = { system: systems.finess, value: draw.finess() };
const missing = { system: systems.finess, value: draw.finess() };
const doctor = { system: systems.idNatPs, value: draw.idNatPs() };
const roleId = { system: systems.rpps, value: draw.rpps() };
const place = { system: 'urn:ietf:rfc:3986', value: 'urn:place:\\1é' };
const idOf = (type: string, { system, value }: { system: string; value: string }): string =>
  logicalId(type, `${system}|${value}`);
const care = { system: 'https://terms.example/type', code: 'care' };

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  const { store } = database;
  await seedPublished(store);
  await addSource(store, 'national', 0);
  await addSource(store, 'regional', 1);
  const first = await addRun(store, 'national', '2026-11-01T02:00:00Z');
  const second = await addRun(store, 'regional', '2026-11-02T02:00:00Z');
  const site = { resourceType: 'Organization', name: 'Hôpital Élan', type: [{ coding: [care] }] };
  await hold(
    store,
    first,
    { ...site },
    {
      identifier: [finess, siret],
      name: 'Hôpital Élan',
      codes: [`${care.system}|${care.code}`],
      links: { part_of: legal },
    },
  );
  await hold(
    store,
    second,
    { resourceType: 'Organization', name: 'Nom du second rang' },
    {
      source: 'regional',
      identifier: [finess],
    },
  );
  await hold(
    store,
    second,
    { resourceType: 'Organization', name: 'Entité juridique' },
    {
      source: 'regional',
      identifier: [legal],
      name: 'Entité juridique',
      state: 'closed',
    },
  );
  await hold(store, first, { resourceType: 'Organization' }, { identifier: [missing], state: 'stub' });
  await hold(
    store,
    first,
    {
      resourceType: 'Practitioner',
      name: [{ family: 'EXEMPLE-DURAND', given: ['Zoé'], prefix: ['DR'] }],
    },
    { identifier: [doctor], name: 'EXEMPLE-DURAND Zoé' },
  );
  await hold(
    store,
    first,
    { resourceType: 'PractitionerRole', code: [{ coding: [care] }] },
    {
      identifier: [roleId],
      codes: [`${care.system}|${care.code}`],
      links: { practitioner: doctor, organization: missing },
    },
  );
  await hold(
    store,
    first,
    { resourceType: 'Location', name: 'Site', status: 'active' },
    {
      identifier: [place],
      name: 'Site',
      links: { organization: finess },
    },
  );
  await store.desired.replace('west', [
    ...(await store.desired.list('west')),
    desired('net-west', 'net-west/member', {
      resourceType: 'OrganizationAffiliation',
      active: true,
      period: { start: '2025-01-01' },
      organization: { reference: referenceTo('Organization', networkKey('net-west')) },
      participatingOrganization: {
        reference: referenceTo('Organization', `${finess.system}|${finess.value}`),
      },
    }),
  ]);
  api = await startApi(store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function ask(
  path: string,
  client = 'reader',
  headers = {},
): Promise<{ status: number; bundle: Bundle }> {
  const answer = await fetch(`${api.url}/fhir/${path}`, { headers: { ...basic(client), ...headers } });
  return { status: answer.status, bundle: (await answer.json()) as Bundle };
}
const strict = { Prefer: 'handling=strict' };
const found = (bundle: Bundle, mode = 'match'): string[] =>
  (bundle.entry ?? []).filter(({ search }) => search?.mode === mode).map(({ resource }) => resource!.id!);
const search = async (path: string, client = 'reader'): Promise<string[]> => {
  const { status, bundle } = await ask(path, client, strict);
  expect([path, status]).toEqual([path, 200]);
  return found(bundle);
};
const token = ({ system, value }: { system: string; value: string }): string =>
  encodeURIComponent(`${system}|${value.replace(/[\\|,$]/g, '\\$&')}`);

describe('read of a held record', () => {
  it('goes by the logical id of its key, as the source that ranks first tells it', async () => {
    const { status, bundle } = await ask(`Organization/${idOf('Organization', finess)}`);
    const site = bundle as unknown as AnyResource;
    expect(status).toBe(200);
    expect(site).toMatchObject({ name: 'Hôpital Élan', active: true, identifier: [finess, siret] });
    expect(site.meta).toMatchObject({ versionId: '1', lastUpdated: '2026-11-01T02:00:00.000Z' });
    expect(site.meta!.source).toMatch(/directory\/national$/);
  });

  it('finds a key of any system, whatever characters it has', async () => {
    expect((await ask(`Location/${idOf('Location', place)}`)).status).toBe(200);
  });

  it('answers every reference that it gives (MCSD-06), and names by identifier what it does not hold', async () => {
    const { bundle: site } = await ask(`Organization/${idOf('Organization', finess)}`);
    const { reference } = (site as unknown as { partOf: { reference: string } }).partOf;
    expect(reference).toBe(`Organization/${idOf('Organization', legal)}`);
    expect((await ask(reference)).status).toBe(200);
    const { bundle: role } = await ask(`PractitionerRole/${idOf('PractitionerRole', roleId)}`);
    expect(role).toMatchObject({
      practitioner: { reference: `Practitioner/${idOf('Practitioner', doctor)}` },
      organization: { type: 'Organization', identifier: missing },
    });
    expect(JSON.stringify((role as unknown as AnyResource)['organization'])).not.toContain('reference');
  });

  it('shows what is closed as inactive and what nobody ever showed not at all', async () => {
    const closed = (await ask(`Organization/${idOf('Organization', legal)}`)).bundle;
    expect(closed).toMatchObject({ active: false });
    expect((await ask(`Organization/${idOf('Organization', missing)}`)).status).toBe(404);
  });

  it('answers 404 with not-found for an unknown id, 400 for a format it does not write (MCSD-05)', async () => {
    const unknown = await ask('Organization/pas-00000000000000000000000000000000');
    expect(unknown.status).toBe(404);
    expect((unknown.bundle as unknown as OperationOutcome).issue[0]).toMatchObject({
      severity: 'error',
      code: 'not-found',
    });
    const xml = { Accept: 'application/fhir+xml' };
    expect((await ask(`Organization/${idOf('Organization', finess)}`, 'reader', xml)).status).toBe(400);
    expect((await ask(`Organization/${idOf('Organization', finess)}?_format=xml`)).status).toBe(400);
    expect((await ask('Organization', 'reader', xml)).status).toBe(406);
  });

  it('is open to every clinical role of every tenant, and to no administrator', async () => {
    const path = `Organization/${idOf('Organization', finess)}`;
    for (const client of ['reader', 'placer', 'fulfiller', 'east-reader'])
      expect([client, (await ask(path, client)).status]).toEqual([client, 200]);
    expect((await ask(path, 'admin')).status).toBe(403);
  });
});

describe('search of the directory (ITI-90)', () => {
  it('finds by key and by any other identifier, with its system or without (MCSD-03)', async () => {
    const site = [idOf('Organization', finess)];
    expect(await search(`Organization?identifier=${token(finess)}`)).toEqual(site);
    expect(await search(`Organization?identifier=${token(siret)}`)).toEqual(site);
    expect(await search(`Organization?identifier=${siret.value}`)).toEqual(site);
    expect(await search(`Organization?identifier=${token(siret)},${token(legal)}`)).toHaveLength(2);
    expect(await search(`Organization?identifier=${encodeURIComponent(`${finess.system}|`)}`)).toHaveLength(
      2,
    );
    expect(await search(`Location?identifier=${token(place)}`)).toEqual([idOf('Location', place)]);
    expect(await search(`Organization?identifier=${token(missing)}`)).toEqual([]);
  });

  it('answers POST _search as it answers GET (MCSD-01)', async () => {
    const answer = await fetch(`${api.url}/fhir/Organization/_search`, {
      method: 'POST',
      headers: basic('placer'),
      body: new URLSearchParams({ identifier: `${finess.system}|${finess.value}` }),
    });
    const bundle = (await answer.json()) as Bundle;
    expect(bundle).toMatchObject({ type: 'searchset', total: 1 });
    expect(found(bundle)).toEqual([idOf('Organization', finess)]);
  });

  it.each([
    ['name=hopital', 1],
    ['name=elan', 0],
    ['name:contains=elan', 2],
    ['name:exact=H%C3%B4pital%20%C3%89lan', 1],
    ['name:exact=hopital%20elan', 0],
    ['name=second', 0],
    ['type=care', 1],
    [`type=${encodeURIComponent(`${care.system}|care`)}`, 1],
    [`type=${encodeURIComponent(`${care.system}|`)}`, 1],
    ['type=other', 0],
    ['active=false&name=entite', 1],
    ['active=true&name=entite', 0],
  ])('finds organisations by %s: %i (MCSD-02, MCSD-03)', async (query, count) => {
    expect(await search(`Organization?${query}`)).toHaveLength(count);
  });

  it.each([
    ['Practitioner?name=zoe', 1],
    ['Practitioner?name=durand', 0],
    ['Practitioner?family=exemple', 1],
    ['Practitioner?family=zoe', 0],
    ['Practitioner?given=zoe', 1],
    ['Practitioner?given:contains=oe&family:contains=durand', 1],
    ['Practitioner?active=true', 1],
    ['PractitionerRole?role=care', 1],
    ['PractitionerRole?specialty=care', 0],
    ['PractitionerRole?location=pas-x', 0],
    ['PractitionerRole?service=pas-x', 0],
    ['Location?status=active', 1],
    ['Location?status=inactive', 0],
    ['Location?type=x', 0],
    ['HealthcareService?service-type=x', 0],
    ['Endpoint?status=active&organization=pas-x', 0],
  ])('understands %s: %i (MCSD-04)', async (query, count) => {
    expect(await search(query)).toHaveLength(count);
  });

  it('follows references by id, typed or bare', async () => {
    const role = [idOf('PractitionerRole', roleId)];
    const who = idOf('Practitioner', doctor);
    expect(await search(`PractitionerRole?practitioner=Practitioner/${who}`)).toEqual(role);
    expect(await search(`PractitionerRole?practitioner=${who}`)).toEqual(role);
    expect(await search(`PractitionerRole?practitioner=${api.url}/fhir/Practitioner/${who}`)).toEqual(role);
    expect(await search(`Organization?partof=${idOf('Organization', legal)}`)).toEqual([
      idOf('Organization', finess),
    ]);
    expect(await search(`Location?organization=${idOf('Organization', finess)}`)).toHaveLength(1);
  });

  it.each([
    ['gt2026-11-01', 1],
    ['ge2026-11-01', 2],
    ['lt2026-11-02', 1],
    ['le2026-11-02', 2],
    ['sa2026-11-01', 1],
    ['eb2026-11-02T02', 1],
    ['2026-11-01T02:00:00Z', 1],
  ])('knows when a run last changed a record: _lastUpdated=%s (MCSD-02)', async (value, count) => {
    const date = value === 'eb2026-11-02T02' ? 'eb2026-11-02T02:00:00Z' : value;
    const ids = `${idOf('Organization', finess)},${idOf('Organization', legal)}`;
    expect(await search(`Organization?_id=${ids}&_lastUpdated=${date}`)).toHaveLength(count);
  });

  it('brings along what is asked for, once, and says which is which', async () => {
    const { bundle } = await ask(
      `Organization?_id=${idOf('Organization', finess)}&_revinclude=Location:organization` +
        '&_revinclude=OrganizationAffiliation:participating-organization&_include=Organization:partof',
      'reader',
      strict,
    );
    expect(found(bundle)).toEqual([idOf('Organization', finess)]);
    expect(found(bundle, 'include').sort()).toEqual(
      [
        idOf('Location', place),
        idOf('Organization', legal),
        logicalId('OrganizationAffiliation', networkKey('net-west/member')),
      ].sort(),
    );
    expect(bundle.total).toBe(1);
  });

  it('refuses an inclusion it does not offer when strict, and leaves it out of self otherwise', async () => {
    expect((await ask('Location?_include=Location:endpoint', 'reader', strict)).status).toBe(400);
    const { bundle } = await ask('Location?_include=Location:endpoint');
    expect(bundle.link![0]!.url).not.toContain('include');
    expect((await ask('Location?_include:iterate=Location:organization')).status).toBe(400);
  });

  it('never brings along a type that the caller may not search (P-38)', async () => {
    const narrow = await startApi(database.store, {
      clients: [
        {
          id: 'reader',
          tenant: 'west',
          auth: { kind: 'basic', password: 'secret-reader' },
          roles: ['reader'],
        },
      ],
    });
    try {
      const path = 'PractitionerRole?_include=PractitionerRole:practitioner';
      const answer = await fetch(`${narrow.url}/fhir/${path}`, { headers: basic('reader') });
      expect(found((await answer.json()) as Bundle, 'include')).toEqual([idOf('Practitioner', doctor)]);
    } finally {
      await narrow.close();
    }
  });

  it('finds affiliations by their period, and never gives one a network (MCSD-07, MCSD-09)', async () => {
    const { bundle } = await ask('OrganizationAffiliation?date=ge2026-01-01', 'reader', strict);
    expect(found(bundle)).toHaveLength(1);
    expect(JSON.stringify(bundle)).not.toContain('"network"');
    expect(await search('OrganizationAffiliation?date=eb2025-01-01')).toEqual([]);
  });

  it('shows published networks to their tenant alone, and what they publish instead of what is held', async () => {
    const published = {
      resourceType: 'Organization',
      active: true,
      name: 'Hôpital tel que le réseau le dit',
    };
    const rows = await database.store.desired.list('west');
    const copy = desired('net-west', 'net-west/copy', published);
    await database.store.desired.replace('west', [
      ...rows,
      { ...copy, key: `${finess.system}|${finess.value}`, body: { ...published, identifier: [finess] } },
    ]);
    const names = async (client: string) =>
      (await ask(`Organization?identifier=${token(finess)}`, client)).bundle.entry!.map(
        ({ resource }) => (resource as { name?: string }).name,
      );
    try {
      expect(await names('reader')).toEqual(['Hôpital tel que le réseau le dit']);
      expect(await names('east-reader')).toEqual(['Hôpital Élan']);
      const { bundle } = await ask(`Organization/${idOf('Organization', finess)}`);
      expect(bundle).toMatchObject({ name: 'Hôpital tel que le réseau le dit' });
    } finally {
      await database.store.desired.replace('west', rows);
    }
    expect(await search('OrganizationAffiliation', 'east-reader')).toEqual([]);
  });
});

describe('pages of a search', () => {
  it('give published and held alike exactly once, whatever their size', async () => {
    const all = await search('Organization?_count=200');
    expect(all).toHaveLength(4);
    for (const count of [1, 2, 3]) {
      const seen: string[] = [];
      let next: string | undefined = `Organization?_count=${count}`;
      while (next) {
        const { bundle } = await ask(next);
        expect(bundle.total).toBe(4);
        seen.push(...found(bundle));
        next = bundle.link!.find(({ relation }) => relation === 'next')?.url.replace(`${api.url}/fhir/`, '');
      }
      expect(seen).toEqual(all);
    }
  });

  it('leave the total out when asked, and where only reading everything would tell it', async () => {
    expect((await ask('Organization?_total=none')).bundle.total).toBeUndefined();
    expect((await ask('Organization?_count=1&name:contains=e')).bundle.total).toBeUndefined();
    expect((await ask('Organization?_total=accurate&_count=1')).bundle.total).toBe(4);
    expect((await ask('Organization?_total=exact')).status).toBe(400);
    // what is held stands as in use or ended; a server may have told more, e.g. a place that is suspended
    expect((await ask('Location?status=suspended&_count=0')).bundle.total).toBeUndefined();
    expect((await ask('Location?status=inactive&_count=0')).bundle.total).toBe(0);
  });
});
