import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesDate } from '../../src/sandbox/match-date.ts';
import { alternativesOf } from '../../src/sandbox/match.ts';
import { type Body, organization, talk, type Talk } from './talk.ts';

const profile = 'https://passerelle.example/fhir/StructureDefinition/pas-x';
const tag = { system: 'urn:tags', code: 'ours' };
let now = Date.parse('2026-11-22T10:00:00.000Z');
let open: Talk;

beforeAll(async () => {
  open = await talk({ clock: { now: () => now }, pageSize: 5 });
  const resources: Body[] = [
    organization('1', {
      id: 'o1',
      active: true,
      name: 'Hôpital Écureuil',
      meta: { tag: [tag], profile: [profile] },
    }),
    organization('2', { id: 'o2', active: false, name: 'Clinique du Lac', meta: { tag: [tag] } }),
    organization('a,b|c', { id: 'o3', name: 'Étang', alias: ['Lacustre'] }),
    {
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'Durand', given: ['Zoé', 'Anne'] }],
      birthDate: '1980-05-01',
    },
    { resourceType: 'Patient', id: 'p2', name: [{ text: 'Durandal' }], birthDate: '1980' },
    {
      resourceType: 'ServiceRequest',
      id: 's1',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-11-20',
      subject: { reference: 'Patient/p1' },
      code: { coding: [{ system: 'urn:codes', code: 'k' }] },
      performer: [{ identifier: { system: 'urn:essai', value: '1' } }],
    },
    {
      resourceType: 'Task',
      id: 't1',
      status: 'requested',
      intent: 'order',
      focus: { reference: 'ServiceRequest/s1' },
      for: { reference: `${open.hospital.base}/Patient/p1` },
      basedOn: [{ reference: 'ServiceRequest/s1' }],
    },
    {
      resourceType: 'Task',
      id: 't2',
      status: 'draft',
      intent: 'order',
      for: { reference: 'Patient/p2/_history/1' },
    },
  ];
  for (const resource of resources) {
    const { status } = await open.say('PUT', `${resource.resourceType}/${resource.id}`, resource);
    if (status !== 201) throw new Error(`${resource.id}: ${status}`);
    now += 1000;
  }
});
afterAll(() => open.hospital.close());

const ids = async (query: string): Promise<string[]> => {
  const { status, body } = await open.say('GET', query);
  if (status !== 200) throw new Error(`${query}: ${status} ${JSON.stringify(body)}`);
  return (body.entry ?? []).map(({ resource }) => resource!.id!);
};

describe('a search finds', () => {
  it.each([
    ['Organization?_id=o1,o3', 'o1 o3'],
    ['Organization?_id=o1&name=clinique', ''],
    ['Organization?identifier=urn:essai|1', 'o1'],
    ['Organization?identifier=urn:essai%7C1,urn:essai%7C2', 'o1 o2'],
    ['Organization?identifier=1', 'o1'],
    ['Organization?identifier=urn:essai|', 'o1 o2 o3'],
    ['Organization?identifier=|1', ''],
    ['Organization?identifier=urn:essai|a%5C,b%5C%7Cc', 'o3'],
    ['Organization?_tag=urn:tags|ours', 'o1 o2'],
    ['Organization?_tag=theirs', ''],
    [`Organization?_profile=${profile}`, 'o1'],
    ['Organization?active=true', 'o1'],
    ['Organization?active=true,false', 'o1 o2'],
    ['Organization?name=hopital', 'o1'],
    ['Organization?name=lac', 'o3'],
    ['Patient?name=durand', 'p1 p2'],
    ['Patient?name=anne', 'p1'],
    ['Patient?family=Durand', 'p1'],
    ['Patient?birthdate=1980', 'p1 p2'],
    ['Patient?birthdate=1980-05-01', 'p1'],
    ['ServiceRequest?patient=p1', 's1'],
    ['ServiceRequest?subject=Patient/p1', 's1'],
    ['ServiceRequest?patient=Patient/p2', ''],
    ['ServiceRequest?code=urn:codes|k', 's1'],
    ['ServiceRequest?code=k&status=active&intent=order', 's1'],
    ['ServiceRequest?authored=2026-11', 's1'],
    ['Task?focus=ServiceRequest/s1', 't1'],
    ['Task?based-on=s1', 't1'],
    ['Task?patient=p1', 't1'],
    ['Task?patient=Patient/p2', 't2'],
    ['Task?status=requested,draft', 't1 t2'],
    ['Organization?_lastUpdated=ge2026-11-22T10:00:01.000Z', 'o2 o3'],
    ['Organization?_lastUpdated=ge2026-11-22T10:00:01.000Z&_lastUpdated=lt2026-11-22T10:00:01.001Z', 'o2'],
    ['Organization?_lastUpdated=gt2026-11-22T11:00:01%2B01:00', 'o3'],
    ['Organization?_sort=-_lastUpdated', 'o3 o2 o1'],
    ['Organization?_sort=_id', 'o1 o2 o3'],
  ])('%s → %s', async (query, expected) => {
    expect((await ids(query)).join(' ')).toBe(expected);
  });

  it('the same by POST _search', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const { body } = await open.say('POST', 'Organization/_search', 'active=true', form);
    expect(body.entry?.map(({ resource }) => resource?.id)).toEqual(['o1']);
  });

  it.each([
    'Organization?shoe-size=43',
    'Organization?name:exact=x',
    'Organization?partof.name=x',
    'Organization?_sort=name',
    'Organization?_summary=text',
    'Organization?_count=-1',
    'Organization?_lastUpdated=yesterday',
    'Organization?identifier=',
    'Organization?toString=1',
    'Organization?__proto__=1',
  ])('nothing by %s: 400', async (query) => {
    expect(await open.say('GET', query)).toMatchObject({
      status: 400,
      body: { resourceType: 'OperationOutcome' },
    });
  });
});

describe('the shape of a result', () => {
  it('counts without entries', async () => {
    for (const query of ['_summary=count', '_count=0']) {
      const { body } = await open.say('GET', `Organization?${query}`);
      expect([body.type, body.total, body.entry, body.link?.length]).toEqual(['searchset', 3, undefined, 1]);
    }
  });

  it('keeps the elements asked for and says that it is a part', async () => {
    const { body } = await open.say('GET', 'Organization?_id=o1&_elements=name');
    const [entry] = body.entry!;
    expect(Object.keys(entry!.resource!).toSorted()).toEqual(['id', 'meta', 'name', 'resourceType']);
    expect(entry!.resource!.meta!.tag!.map(({ code }) => code)).toEqual(['ours', 'SUBSETTED']);
  });

  it('pages stay as they were while others write, never exceed the cap, and end', async () => {
    for (let i = 0; i < 12; i += 1)
      await open.say('PUT', `Location/l${i}`, { resourceType: 'Location', id: `l${i}` });
    const seen: string[] = [];
    let page = 'Location?_count=1000';
    while (page) {
      const { body } = await open.say('GET', page);
      expect(body.entry!.length).toBeLessThanOrEqual(5);
      seen.push(...body.entry!.map(({ resource }) => resource!.id!));
      await open.say('PUT', `Location/late${seen.length}`, {
        resourceType: 'Location',
        id: `late${seen.length}`,
      });
      page = body.link!.find(({ relation }) => relation === 'next')?.url ?? '';
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => `l${i}`));
  });

  it('a page that was given up answers 410 (HAPI-10)', async () => {
    expect((await open.say('GET', `${open.hospital.base}?_getpages=forgotten&_offset=5`)).status).toBe(410);
  });
});

describe('search values', () => {
  it('split at commas that are not escaped, whatever they hold', () => {
    const escaped = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
    const values = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => expect(alternativesOf(list.map(escaped).join(','))).toEqual(list)),
    );
  });

  it('order instants as numbers do', () => {
    const instant = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [is, asked] = [a.toISOString(), b.toISOString()];
        expect(matchesDate(is, asked)).toBe(a.getTime() === b.getTime());
        expect(matchesDate(is, `ge${asked}`)).toBe(a >= b);
        expect(matchesDate(is, `lt${asked}`)).toBe(a < b);
        expect(matchesDate(is, `gt${asked}`)).toBe(a > b);
        expect(matchesDate(is, `le${asked}`)).toBe(a <= b);
        expect(matchesDate(is, `ne${asked}`)).toBe(a.getTime() !== b.getTime());
      }),
    );
  });
});
