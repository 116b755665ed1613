import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logicalId } from '../../src/fhir/key.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { acceptedAt, ids, key, loadedAt, seedPublished, seedReferral } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

type Resource = { resourceType: string; id: string; meta: Record<string, string>; [name: string]: unknown };

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

const get = (path: string, client: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/fhir/${path}`, { headers: { ...basic(client), ...headers } });
const organization = logicalId('Organization', key('net-west'));
const service = logicalId('HealthcareService', key('net-west/offer/one'));

describe('reading what was published', () => {
  it('shows a resource under its logical id, with its version and who publishes it', async () => {
    const answer = await get(`Organization/${organization}`, 'reader');
    const resource = (await answer.json()) as Resource;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(resource).toMatchObject({ resourceType: 'Organization', id: organization, name: 'Réseau Élan' });
    expect(resource.meta).toMatchObject({
      lastUpdated: loadedAt.toISOString(),
      source: 'https://passerelle.example/fhir/gateway',
    });
    expect(answer.headers.get('etag')).toBe(`W/"${resource.meta['versionId']}"`);
    expect(answer.headers.get('last-modified')).toBe(loadedAt.toUTCString());
  });

  it('writes references so that they can be followed here', async () => {
    const resource = (await (await get(`HealthcareService/${service}`, 'reader')).json()) as Resource;
    expect(resource['providedBy']).toEqual({ reference: `Organization/${organization}` });
    expect((await get(`Organization/${organization}`, 'placer')).status).toBe(200);
  });

  it('answers another tenant 404, in the words of an id that does not exist (P-36)', async () => {
    const [foreign, unknown] = await Promise.all([
      get(`Organization/${organization}`, 'east-reader'),
      get('Organization/pas-ffffffffffffffffffffffffffffffff', 'reader'),
    ]);
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await unknown.text());
  });
});

describe('reading what was exchanged', () => {
  it('shows the current version to both sides of the referral', async () => {
    for (const client of ['placer', 'fulfiller', 'reader']) {
      const answer = await get(`Task/${ids.task}`, client);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ status: 'accepted', meta: { versionId: '2' } });
    }
  });

  it('hides a patient whom nobody referred from placers and fulfillers, not from the tenant’s readers', async () => {
    const statuses = await Promise.all(
      ['placer', 'fulfiller', 'reader', 'east-reader'].map(
        async (client) => (await get(`Patient/${ids.stranger}`, client)).status,
      ),
    );
    expect(statuses).toEqual([404, 404, 200, 404]);
  });

  it('reads a version by its number, and 404 for one that never was', async () => {
    const first = await get(`Task/${ids.task}/_history/1`, 'placer');
    expect(await first.json()).toMatchObject({ status: 'requested', meta: { versionId: '1' } });
    expect((await get(`Task/${ids.task}/_history/3`, 'placer')).status).toBe(404);
    expect((await get(`Task/${ids.task}/_history/1`, 'east-reader')).status).toBe(404);
  });

  it('answers 304 to who has this version', async () => {
    const path = `ServiceRequest/${ids.order}`;
    expect((await get(path, 'placer', { 'If-None-Match': 'W/"1"' })).status).toBe(304);
    expect((await get(path, 'placer', { 'If-None-Match': 'W/"9"' })).status).toBe(200);
    const since = (date: Date): Record<string, string> => ({ 'If-Modified-Since': date.toUTCString() });
    expect((await get(path, 'placer', since(acceptedAt))).status).toBe(304);
    expect((await get(path, 'placer', since(loadedAt))).status).toBe(200);
  });

  it('shows by id the professionals and organisations that a referral carried along', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    await database.store.transaction(async (tx) => {
      await tx.clinical.put('west', { resourceType: 'Practitioner', id, active: true }, acceptedAt);
    });
    expect(await (await get(`Practitioner/${id}`, 'fulfiller')).json()).toMatchObject({ id, active: true });
    expect((await get(`Practitioner/${id}`, 'east-reader')).status).toBe(404);
  });

  it('gives a document’s bytes as they came, or as a Binary when FHIR is asked for', async () => {
    const bytes = await get(`Binary/${ids.document}`, 'fulfiller');
    expect(bytes.headers.get('content-type')).toBe('application/pdf');
    expect(await bytes.text()).toBe('%PDF-1.7 letter');
    const wrapped = await get(`Binary/${ids.document}`, 'placer', { Accept: 'application/fhir+json' });
    expect(await wrapped.json()).toMatchObject({
      resourceType: 'Binary',
      data: Buffer.from('%PDF-1.7 letter').toString('base64'),
    });
    expect((await get(`Binary/${ids.document}`, 'east-reader')).status).toBe(404);
  });
});

describe('history', () => {
  it('lists the versions of a resource, newest first, each with its request and response (bdl-3, bdl-4)', async () => {
    const bundle = (await (await get(`Task/${ids.task}/_history`, 'placer')).json()) as {
      entry: { resource: Resource; request: object; response: object }[];
    };
    expect(bundle.entry.map(({ resource }) => resource.meta['versionId'])).toEqual(['2', '1']);
    expect(bundle.entry[1]).toMatchObject({
      request: { method: 'POST', url: 'Task' },
      response: { status: '201', etag: 'W/"1"' },
    });
  });

  it('pages through a type’s history without losing or repeating a version', async () => {
    const seen: string[] = [];
    let next: string | undefined = `${api.url}/fhir/Task/_history?_count=1`;
    while (next) {
      const answer = await fetch(next, { headers: basic('reader') });
      const bundle = (await answer.json()) as {
        entry?: { resource: Resource }[];
        link: { relation: string; url: string }[];
      };
      seen.push(...(bundle.entry ?? []).map(({ resource }) => resource.meta['versionId']!));
      next = bundle.link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(seen).toEqual(['2', '1']);
  });

  it('starts at _since', async () => {
    const since = new Date(acceptedAt.getTime() + 1000).toISOString();
    const bundle = (await (await get(`Task/_history?_since=${since}`, 'reader')).json()) as {
      entry: unknown[];
    };
    expect(bundle.entry).toHaveLength(1);
  });

  it('answers 404 for the history of what is not there or not theirs', async () => {
    expect((await get(`Task/pas-nothing/_history`, 'placer')).status).toBe(404);
    expect((await get(`Task/${ids.task}/_history`, 'east-reader')).status).toBe(404);
  });
});
