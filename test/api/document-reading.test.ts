/** Who reads a document at `/fhir`: its requester, its addressees, and the team of the moment. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientConfig } from '../../src/config.ts';
import { systemClock } from '../../src/clock.ts';
import { createReading } from '../../src/document/access/reading.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { acceptedAt, desired, ids, key, seedPublished, seedReferral } from './seed.ts';
import { clients, homes, type RunningApi, startApi } from './start-api.ts';

const rpps = 'https://rpps.esante.gouv.fr';
const member = `${rpps}|10999900060`;
const generalist = `${rpps}|10999900037`;
const finess = 'https://finess.esante.gouv.fr';
const clinic = `${finess}|990000037`;
const opinion = '00000000-0000-4000-8000-000000000011';
const print = '00000000-0000-4000-8000-000000000012';
const draft = '00000000-0000-4000-8000-000000000013';
const parcel = '00000000-0000-4000-8000-000000000014';
const metadata = 'pas-00000000000000000000000000000021';
const metadataOfPrint = 'pas-00000000000000000000000000000022';
const consents = 'https://passerelle.example/fhir/CodeSystem/consent-category';

let database: TestDatabase;
let api: RunningApi;

const acting = (id: string, actsFor: string[], roles: ClientConfig['roles'] = ['reader']): ClientConfig => ({
  ...{ id, tenant: 'west', auth: { kind: 'basic', password: `secret-${id}` }, roles, actsFor },
});
const all = [
  ...clients,
  acting('surgeon', [member]),
  acting('clinic', [clinic]),
  acting('gp', [generalist]),
  acting('other', [`${rpps}|10999900078`]),
];

beforeAll(async () => {
  database = await freshDatabase();
  await seedPublished(database.store);
  await seedReferral(database.store);
  await seedDocuments();
  api = await startApi(database.store, { clients: all });
});
afterAll(async () => {
  await api.close();
  await database.close();
});
beforeEach(async () => {
  await team({});
  await consent({ status: 'active', provision: { type: 'permit' } });
});

/** A synthesis with its PDF, addressed to the GP, in the frame of the team `rcp`; and a preliminary one. */
async function seedDocuments(): Promise<void> {
  await database.store.transaction(async (tx) => {
    const insert = (id: string, status: 'final' | 'print' | 'package' | 'preliminary', detail: object) =>
      tx.documents.insert(
        {
          ...{
            tenant: 'west',
            id,
            referralId: 'referral-1',
            key: `urn:d|${id}`,
            status,
            detail: { ...detail },
          },
          ...{ contentType: 'application/pdf', size: 4, sha1: 's', sha256: 's', createdAt: acceptedAt },
        },
        Buffer.from('%PDF'),
      );
    await insert(opinion, 'final', { type: '34794-8' });
    await insert(print, 'print', { of: opinion });
    await insert(parcel, 'package', { of: opinion });
    await insert(draft, 'preliminary', {});
    const author = { who: 'server|vinatier', ground: 'author' as const };
    await tx.readers.add('west', opinion, [author, { who: generalist, ground: 'addressee' }]);
    await tx.readers.add('west', draft, [author]);
    await tx.readers.addFrames('west', 'referral-1', [key('net-west/team/rcp')]);
    for (const [id, of] of [
      [metadata, opinion],
      [metadataOfPrint, print],
    ] as const)
      await tx.clinical.put('west', reference(id, of, '34794-8'), acceptedAt);
  });
}

function reference(id: string, of: string, type: string): AnyResource & { id: string } {
  return {
    ...{ resourceType: 'DocumentReference', id, status: 'current' },
    identifier: [{ system: 'https://passerelle.example/fhir/document', value: of }],
    type: { coding: [{ system: 'http://loinc.org', code: type }] },
    subject: { reference: `Patient/${ids.patient}` },
    content: [{ attachment: { contentType: 'application/pdf', url: `Binary/${of}` } }],
  };
}

/** The team as its network says it: the surgeon in person, and a post at the clinic. */
async function team({ seat = {}, place = {}, affiliation = {}, status = 'active' }): Promise<void> {
  const organization = { reference: referenceTo('Organization', key('net-west')) };
  const work = { reference: referenceTo('Organization', clinic) };
  await database.store.desired.replace('west', [
    desired('net-west', 'net-west/team/rcp', {
      ...{ resourceType: 'CareTeam', status },
      participant: [
        { member: { reference: referenceTo('Practitioner', member) }, ...seat },
        { member: { reference: referenceTo('PractitionerRole', key('net-west/person/post')) } },
      ],
    }),
    desired('net-west', 'net-west/person/post', {
      ...{ resourceType: 'PractitionerRole', active: true, organization, ...place },
      extension: [
        { url: 'https://passerelle.example/fhir/StructureDefinition/pas-workplace', valueReference: work },
      ],
    }),
    desired('net-west', 'net-west/member/clinic', {
      ...{ resourceType: 'OrganizationAffiliation', active: true, organization },
      ...{ participatingOrganization: work, ...affiliation },
    }),
  ]);
}

async function consent(change: object): Promise<void> {
  const resource = {
    ...{ resourceType: 'Consent', id: ids.consent, patient: { reference: `Patient/${ids.patient}` } },
    category: [{ coding: [{ system: consents, code: 'consentement' }] }],
    ...change,
  };
  await database.store.transaction((tx) => tx.clinical.put('west', resource, acceptedAt));
}

async function get(path: string, client: string): Promise<Response> {
  const { auth } = all.find(({ id }) => id === client)!;
  const password = auth.kind === 'basic' ? auth.password : '';
  const Authorization = `Basic ${Buffer.from(`${client}:${password}`).toString('base64')}`;
  return fetch(`${api.url}/fhir/${path}`, { headers: { Authorization } });
}

type Listed = {
  entry?: { resource: { id: string } }[];
  total?: number;
  link: { relation: string; url: string }[];
};

async function found(client: string, query = ''): Promise<string[]> {
  const bundle = (await (await get(`DocumentReference?status=current${query}`, client)).json()) as Listed;
  return (bundle.entry ?? []).map(({ resource }) => resource.id);
}

/** What a client gets of the bytes, the PDF, the metadata, a search and a history. */
async function sees(client: string): Promise<string> {
  const paths = [`Binary/${opinion}`, `Binary/${print}`, `DocumentReference/${metadata}`];
  const statuses = await Promise.all(paths.map(async (path) => (await get(path, client)).status));
  const version = (await get(`DocumentReference/${metadata}/_history/1`, client)).status;
  const history = (await (await get('DocumentReference/_history', client)).json()) as Listed;
  return `${[...statuses, version].join(' ')}, ${(await found(client)).length} found, ${history.entry?.length ?? 0} versions`;
}

const everything = '200 200 200 200, 2 found, 2 versions';
const nothing = '404 404 404 404, 0 found, 0 versions';
const yesterday = { end: '2025-12-31' };
const since = { start: '2025-01-01' };

describe('reading a document', () => {
  it('is for its author, its requester, its addressees, the members of the team, and the tenant’s readers', async () => {
    for (const client of ['placer', 'fulfiller', 'gp', 'surgeon', 'clinic', 'reader'])
      expect(`${client} ${await sees(client)}`).toBe(`${client} ${everything}`);
    for (const client of ['other', 'east-reader'])
      expect(`${client} ${await sees(client)}`).toBe(`${client} ${nothing}`);
  });

  it('ends for a member whose seat has ended, whoever else stays, and begins with the seat', async () => {
    await team({ seat: { period: yesterday } });
    expect(await sees('surgeon')).toBe(nothing);
    expect(await sees('clinic')).toBe(everything);
    expect(await sees('gp')).toBe(everything);
    await team({ seat: { period: { start: '2999-01-01' } } });
    expect(await sees('surgeon')).toBe(nothing);
    await team({ seat: { period: since } });
    expect(await sees('surgeon')).toBe(everything);
  });

  it('ends when the post ends, when its establishment has left the network, or when the team is no more', async () => {
    await team({ place: { active: false, period: yesterday } });
    expect(await sees('clinic')).toBe(nothing);
    await team({ affiliation: { active: false, period: yesterday } });
    expect([await sees('clinic'), await sees('surgeon')]).toEqual([nothing, everything]);
    await team({ status: 'inactive' });
    expect([await sees('clinic'), await sees('surgeon')]).toEqual([nothing, nothing]);
  });

  it('is for nobody but its author once the patient’s consent has ended', async () => {
    await consent({ status: 'inactive', provision: { type: 'permit' } });
    for (const client of ['placer', 'gp', 'surgeon']) expect(await sees(client)).toBe(nothing);
    expect(await sees('fulfiller')).toBe(everything);
  });

  it('follows an opposition to one reader, and takes non-opposition for enough inside the team alone', async () => {
    const [system, value] = generalist.split('|');
    const actor = [{ role: {}, reference: { identifier: { system, value } } }];
    const against = [{ type: 'deny', actor }];
    await consent({ status: 'active', provision: { type: 'permit', provision: against } });
    expect([await sees('gp'), await sees('surgeon')]).toEqual([nothing, everything]);
    const category = [{ coding: [{ system: consents, code: 'non-opposition' }] }];
    await consent({ status: 'active', category, provision: { type: 'permit' } });
    expect([await sees('gp'), await sees('surgeon')]).toEqual([nothing, everything]);
  });

  it('keeps psychiatric content to those it was addressed to, under a consent that names it', async () => {
    const { store } = database;
    const psychiatric = reference(metadata, opinion, '68599-0');
    const codes = { code: [{ coding: [{ system: 'http://loinc.org', code: '68599-0' }] }] };
    await store.transaction((tx) => tx.clinical.put('west', psychiatric, acceptedAt));
    const bytes = async (client: string): Promise<number> => (await get(`Binary/${opinion}`, client)).status;
    const statuses = () => Promise.all(['placer', 'gp', 'surgeon', 'reader', 'fulfiller'].map(bytes));
    expect(await statuses()).toEqual([404, 404, 404, 404, 200]);
    await consent({ status: 'active', provision: { type: 'permit', ...codes } });
    expect(await statuses()).toEqual([200, 200, 404, 404, 200]);
    expect([await found('gp'), await found('surgeon')]).toEqual([
      [metadata, metadataOfPrint],
      [metadataOfPrint],
    ]);
    await store.transaction((tx) =>
      tx.clinical.put('west', reference(metadata, opinion, '34794-8'), acceptedAt),
    );
  });

  it('shows a preliminary document to its author alone', async () => {
    const statuses = ['fulfiller', 'placer', 'surgeon', 'gp', 'reader'].map(
      async (client) => (await get(`Binary/${draft}`, client)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 404, 404, 404]);
  });

  it('keeps what was made of psychiatric content, which has no metadata of its own, as the content itself', async () => {
    const { store } = database;
    const put = (type: string) =>
      store.transaction((tx) => tx.clinical.put('west', reference(metadata, opinion, type), acceptedAt));
    const statuses = () =>
      Promise.all(
        ['surgeon', 'reader'].map(async (client) => (await get(`Binary/${parcel}`, client)).status),
      );
    expect(await statuses()).toEqual([200, 200]);
    await put('68599-0');
    expect(await statuses()).toEqual([404, 404]);
    await put('34794-8');
  });

  it('pages over what it may not show, and never tells how many there are', async () => {
    await consent({ status: 'inactive' });
    const answer = await get('DocumentReference?_count=1', 'gp');
    expect(await answer.json()).toMatchObject({ total: 0, link: [{ relation: 'self' }] });
    await consent({ status: 'active', provision: { type: 'permit' } });
    const first = (await (await get('DocumentReference?_count=1', 'gp')).json()) as Listed;
    expect(first.total).toBeUndefined();
    const next = first.link.find(({ relation }) => relation === 'next')!.url.split('/fhir/')[1]!;
    const second = (await (await get(next, 'gp')).json()) as Listed;
    expect([...first.entry!, ...second.entry!].map(({ resource }) => resource.id)).toEqual([
      metadata,
      metadataOfPrint,
    ]);
  });

  it('puts a refusal in the ledger once a client and reason, in the words of what does not exist', async () => {
    const { store } = database;
    const [refused, unknown] = await Promise.all([
      get(`Binary/${opinion}`, 'other'),
      get('Binary/00000000-0000-4000-8000-00000000ffff', 'other'),
    ]);
    expect(await refused.text()).toBe(await unknown.text());
    await get(`Binary/${opinion}`, 'other');
    await get(`DocumentReference/${metadata}`, 'other');
    const lines = (await store.referrals.events('west', 'referral-1')).filter(
      ({ kind, actor }) => kind === 'reading-refused' && actor === 'other',
    );
    expect(lines.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([{ document: opinion, why: 'no-ground' }]),
    );
    expect(lines.filter(({ detail }) => (detail as { document: string }).document === opinion)).toHaveLength(
      1,
    );
    const audited = (await store.audit.list('west')).filter(
      ({ actor, outcome }) => actor === 'other' && outcome === 'refused',
    );
    expect(audited).toContainEqual(
      expect.objectContaining({ entity: { type: 'Binary', id: opinion, status: 404 } }),
    );
  });

  it('can be told beforehand: who may read a document, and why a client may not', async () => {
    const { store } = database;
    const rules = readExchangeRules('mappings');
    const pathway = createPathway({ servers: homes, rules, clock: systemClock });
    const reading = createReading({
      store,
      pathway,
      servers: homes,
      rules: rules.consent,
      clock: systemClock,
    });
    const record = (await store.documents.get('west', print))!;
    expect(await reading.readersOf(record)).toEqual([
      { who: generalist, ground: 'addressee' },
      { who: 'server|vinatier', ground: 'author' },
      { who: 'server|ghu', ground: 'requester' },
      { who: 'server|vinatier', ground: 'fulfiller' },
      { who: key('net-west/team/rcp'), ground: 'team' },
    ]);
    const asking = (client: string) => {
      const { id, tenant, server, actsFor = [], roles } = all.find((one) => one.id === client)!;
      return reading.withheld({ client: id, tenant, server, actsFor, roles }, print);
    };
    expect(await Promise.all(['surgeon', 'other'].map(asking))).toEqual([undefined, 'no-ground']);
    await team({ seat: { period: yesterday } });
    expect(await asking('surgeon')).toBe('no-ground');
    await consent({ status: 'inactive' });
    expect(await Promise.all(['gp', 'fulfiller'].map(asking))).toEqual(['consent', undefined]);
  });
});
