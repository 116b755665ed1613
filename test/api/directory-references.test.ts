/** References of held records that no column holds: endpoints, locations, services (MCSD-03, MCSD-04, MCSD-06). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logicalId } from '../../src/fhir/key.ts';
import type { Bundle, Identifier } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { addRun, addSource, type Held, hold } from './held.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

const base = 'https://regional.example/fhir';
const one = (value: string): Identifier & { value: string } => ({ system: 'urn:one', value });
/** What a server gives no identifier is known by its address there (MCSD-16). */
const address = (path: string): Identifier => ({ system: base, value: path });
const idOf = (type: string, { system, value }: Identifier): string => logicalId(type, `${system}|${value}`);

let database: TestDatabase;
let api: RunningApi;
beforeAll(async () => {
  database = await freshDatabase();
  const { store } = database;
  await addSource(store, 'regional', 0);
  await addSource(store, 'other', 1);
  const run = await addRun(store, 'regional', '2026-11-01T02:00:00Z');
  const put = (
    resourceType: string,
    identifier: Identifier,
    elements: object = {},
    rest: Partial<Held> = {},
  ): Promise<void> =>
    hold(
      store,
      run,
      { resourceType, ...elements },
      {
        ...{ source: 'regional', identifier: [identifier], remoteId: identifier.value! },
        ...rest,
      },
    );
  await put('Endpoint', one('mail'), { status: 'active' });
  await put('Endpoint', one('known'), { status: 'active' }, { remoteId: 'elsewhere' });
  await put('Endpoint', address('Endpoint/plain'), { status: 'active' }, { remoteId: 'plain' });
  await put('Endpoint', one('foreign'), { status: 'active' }, { source: 'other' });
  await put('Location', one('site'), { status: 'active', name: 'Site' });
  await put('HealthcareService', one('care'), {
    location: [{ reference: 'Location/site' }],
    endpoint: [{ reference: 'Endpoint/mail/_history/3' }],
  });
  await put('Organization', one('hospital'), {
    name: 'Hôpital',
    endpoint: [
      { reference: 'Endpoint/mail', display: 'messagerie' },
      { identifier: one('known') },
      { reference: `${base}/Endpoint/plain` },
      { reference: 'Endpoint/foreign' },
      { reference: 'https://stranger.example/fhir/Endpoint/mail' },
      { reference: 'Endpoint/unknown', identifier: one('unknown') },
    ],
  });
  await put('PractitionerRole', one('role'), {
    location: [{ reference: 'Location/site' }],
    healthcareService: [{ identifier: one('care') }],
    endpoint: [{ reference: 'Endpoint/mail' }],
  });
  await put('OrganizationAffiliation', one('member'), {
    healthcareService: [{ reference: 'HealthcareService/care' }],
  });
  api = await startApi(store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function ask(path: string): Promise<Bundle> {
  const headers = { ...basic('reader'), Prefer: 'handling=strict' };
  const answer = await fetch(`${api.url}/fhir/${path}`, { headers });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as Bundle;
}
const found = ({ entry = [] }: Bundle, mode = 'match'): string[] =>
  entry.filter(({ search }) => search?.mode === mode).map(({ resource }) => resource!.id!);

describe('references of a held record to what its source holds', () => {
  it('can be followed, whether they are by id, by identifier or by address; others are identifiers or nothing', async () => {
    const hospital = (await ask(`Organization/${idOf('Organization', one('hospital'))}`)) as unknown as {
      endpoint: object[];
    };
    const to = (identifier: Identifier): string => `Endpoint/${idOf('Endpoint', identifier)}`;
    expect(hospital.endpoint).toEqual([
      { reference: to(one('mail')), display: 'messagerie' },
      { reference: to(one('known')), identifier: one('known') },
      { reference: to(address('Endpoint/plain')) },
      { type: 'Endpoint', identifier: one('unknown') },
    ]);
    for (const { reference } of hospital.endpoint.slice(0, 3) as { reference: string }[])
      expect(await ask(reference)).toMatchObject({ resourceType: 'Endpoint' });
  });

  it.each([
    ['Organization?_include=Organization:endpoint', ['mail', 'known', 'plain']],
    ['PractitionerRole?_include=PractitionerRole:endpoint', ['mail']],
    ['HealthcareService?_include=HealthcareService:endpoint', ['mail']],
  ])('bring endpoints along: %s', async (path, values) => {
    const keys = values.map((value) => (value === 'plain' ? address('Endpoint/plain') : one(value)));
    expect(found(await ask(path), 'include').sort()).toEqual(keys.map((key) => idOf('Endpoint', key)).sort());
  });

  it.each([
    ['PractitionerRole', 'location', 'Location', 'site', 'role'],
    ['PractitionerRole', 'service', 'HealthcareService', 'care', 'role'],
    ['HealthcareService', 'location', 'Location', 'site', 'care'],
    ['OrganizationAffiliation', 'service', 'HealthcareService', 'care', 'member'],
  ])('find a %s by its %s', async (type, parameter, target, value, match) => {
    const bundle = await ask(`${type}?${parameter}=${target}/${idOf(target, one(value))}`);
    expect(found(bundle)).toEqual([idOf(type, one(match))]);
    expect(bundle.total).toBe(1);
    expect(found(await ask(`${type}?${parameter}=${target}/${idOf(target, one('none'))}`))).toEqual([]);
  });

  it('bring along who refers to a service', async () => {
    const bundle = await ask('HealthcareService?_revinclude=OrganizationAffiliation:service');
    expect(found(bundle, 'include')).toEqual([idOf('OrganizationAffiliation', one('member'))]);
  });

  it('bring along more than a search may name', async () => {
    const run = await addRun(database.store, 'other', '2026-11-02T02:00:00Z');
    const many = Array.from({ length: 250 }, (_, n) => one(`many-${n}`));
    for (const identifier of many)
      await hold(
        database.store,
        run,
        { resourceType: 'Endpoint', status: 'active' },
        { source: 'other', identifier: [identifier] },
      );
    await hold(
      database.store,
      run,
      { resourceType: 'Organization', name: 'Mille', endpoint: many.map((identifier) => ({ identifier })) },
      { source: 'other', identifier: [one('large')] },
    );
    const path = `Organization?_id=${idOf('Organization', one('large'))}&_include=Organization:endpoint`;
    expect(found(await ask(path), 'include')).toHaveLength(250);
  });
});
