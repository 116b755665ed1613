import { beforeEach, describe, expect, it } from '@jest/globals';
import type { McsdOptions } from '../../../src/directory/mcsd/options.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import { readAll } from '../../contracts/directory-source.ts';
import { failure, fakeServer, type FakeServer, openMcsd } from './fake-server.ts';

const cursor = { since: '2026-10-31T02:00:00.000Z' };
let server: FakeServer;
beforeEach(() => {
  server = fakeServer([]);
});

const organization = (id: string, version: number, value: string, name = `version ${version}`) => ({
  ...{ resourceType: 'Organization', id, name, active: true },
  meta: {
    versionId: String(version),
    source: 'https://origin.example',
    lastUpdated: `2026-11-01T00:00:0${version}Z`,
  },
  identifier: [{ system: systems.finess as string, value }],
});
const put = (resource: { id: string }) => ({
  resource,
  request: { method: 'PUT', url: `Organization/${resource.id}` },
});
const deleted = (url: string) => ({ request: { method: 'DELETE', url } });
const read = async (pages: object[][], changes: Partial<McsdOptions> = {}) => {
  server.histories['Organization'] = pages;
  const reading = await readAll(openMcsd(server, changes), { mode: 'delta', cursor });
  return {
    ...reading,
    records: reading.pages.flatMap((page) => page.records),
    removed: reading.pages.flatMap((page) => page.removed),
    issues: reading.pages.flatMap((page) => page.issues),
  };
};
const content = (records: { content: string }[]): unknown[] =>
  records.map((one) => (JSON.parse(one.content) as { name: string }).name);

describe('changes by type-level history', () => {
  it('are asked for since the server’s time of the last run, a little earlier (MCSD-10, MCSD-15)', async () => {
    const { end } = await read([[put(organization('a', 1, '990780017'))]]);
    expect(server.asked.filter((path) => path !== 'metadata')).toEqual([
      'Organization/_history?_since=2026-10-31T01%3A55%3A00.000Z&_count=200',
    ]);
    expect(end).toMatchObject({ complete: true, cursor: { since: '2026-11-01T02:00:00.000Z' } });
  });

  it('give the newest version of a resource, in whatever order and on whatever page it comes (MCSD-11, P-13)', async () => {
    const [one, two, ten] = [1, 2, 10].map((version) =>
      put({
        ...organization('a', 9, '990780017', `version ${version}`),
        meta: { versionId: String(version) },
      } as never),
    );
    for (const pages of [
      [[ten!, two!], [one!]],
      [[one!], [two!, ten!]],
      [[two!], [ten!], [one!]],
    ]) {
      expect(content((await read(pages)).records)).toEqual(['version 10']);
    }
  });

  it('tell deletes in both shapes of address, and a delete above older versions wins (MCSD-11, MCSD-12)', async () => {
    const { removed, records } = await read([
      [
        deleted('Organization/a'),
        deleted('https://region.example/fhir/Organization/b/_history/3'),
        put(organization('b', 2, '990780025')),
      ],
      [put(organization('a', 1, '990780017'))],
    ]);
    expect(records).toEqual([]);
    expect(removed).toEqual([
      { kind: 'Organization', remote: 'a' },
      { kind: 'Organization', remote: 'b' },
    ]);
  });

  it('a resource that came back after its delete is not removed', async () => {
    const { removed, records } = await read([
      [put(organization('b', 4, '990780025'))],
      [deleted('Organization/b/_history/3')],
    ]);
    expect(removed).toEqual([]);
    expect(content(records)).toEqual(['version 4']);
  });

  it('are read from entries without request too (MCSD-13)', async () => {
    expect(content((await read([[{ resource: organization('a', 1, '990780017') }]])).records)).toEqual([
      'version 1',
    ]);
  });

  it('may be none: a bundle without entries is success (MCSD-13)', async () => {
    const { records, end } = await read([[]]);
    expect(records).toEqual([]);
    expect(end.complete).toBe(true);
  });

  it('follow links as they were given (MCSD-14), and a circle of links ends incomplete, the cursor where it was', async () => {
    await read([[put(organization('a', 1, '990780017'))], [put(organization('b', 1, '990780025'))]]);
    expect(server.asked.at(-1)).toMatch(
      /^https:\/\/region\.example\/fhir\/Organization\/_history\?.*page=1$/,
    );
    server.tamper = (path, body) => {
      if (path.includes('page=1')) body['link'] = [{ relation: 'next', url: path }];
    };
    const { end } = await read([
      [put(organization('a', 1, '990780017'))],
      [put(organization('b', 1, '990780025'))],
    ]);
    expect(end).toMatchObject({ complete: false, cursor });
  });

  it('are taken within the server’s authority only, and what others speak for is counted (P-14)', async () => {
    const pages = [
      ['990780017', '750100042', '130783293'].map((value, at) => put(organization(`o${at}`, 1, value))),
    ];
    const { records, issues } = await read(pages, { authority: [`${systems.finess}|99`] });
    expect(records.map(({ key }) => key)).toEqual([`${systems.finess}|990780017`]);
    expect(issues).toMatchObject([{ rule: 'authority', message: expect.stringContaining('2 fiche(s)') }]);
  });

  it('do not make a record found by a number of somebody else’s (P-14)', async () => {
    const own = organization('a', 1, '990780017');
    const both = { ...own, identifier: [{ system: systems.idNatSt, value: '3R1' }, ...own.identifier] };
    const read1 = async (authority: string[]) => (await read([[put(both)]], { authority })).records[0]!;
    const [free, bound] = [await read1([]), await read1([systems.idNatSt])];
    expect(free.facts.identifiers).toEqual([`${systems.finess}|990780017`]);
    expect(bound.key).toBe(`${systems.idNatSt}|3R1`);
    expect(bound.facts).not.toHaveProperty('identifiers');
    expect(bound.hash).not.toEqual(free.hash); // a change of the rules is read anew
  });

  it('keep the origin that the resource names (MCSD-16)', async () => {
    const { records } = await read([[put(organization('a', 1, '990780017'))]]);
    expect(JSON.parse(records[0]!.content)).toMatchObject({ meta: { source: 'https://origin.example' } });
  });

  it('of an entry without its resource are read: 410 is a delete, 404 proves nothing (MCSD-17)', async () => {
    const { call } = server;
    server.call = (asked) =>
      asked.path === 'Organization/gone' ? Promise.reject(failure('gone')) : call(asked);
    const { removed, issues, records } = await read([
      ['gone', 'missing'].map((id) => ({
        fullUrl: `https://region.example/fhir/Organization/${id}`,
        request: { method: 'PUT', url: `Organization/${id}` },
      })),
    ]);
    expect(records).toEqual([]);
    expect(removed).toEqual([{ kind: 'Organization', remote: 'gone' }]);
    expect(issues).toMatchObject([{ rule: 'directory-unresolved' }]);
  });

  it('of an identity that changes under one id are quarantined, told without values (MCSD-18)', async () => {
    const { records, removed, issues } = await read([
      [put(organization('a', 2, '990780025')), put(organization('b', 1, '990780033'))],
      [put(organization('a', 1, '990780017'))],
    ]);
    expect(records.map(({ remoteId }) => remoteId)).toEqual(['b']);
    expect(removed).toEqual([]);
    expect(issues).toMatchObject([{ rule: 'takeover', severity: 'error' }]);
    expect(JSON.stringify(issues)).not.toContain('990780025');
  });

  it('an identifier that is added is no take-over', async () => {
    const richer = organization('a', 2, '990780017');
    richer.identifier.push({ system: systems.idNatSt, value: '1990780017' });
    const { records, issues } = await read([[put(richer), put(organization('a', 1, '990780017'))]]);
    expect(issues).toEqual([]);
    expect(records.map(({ key }) => key)).toEqual([`${systems.idNatSt}|1990780017`]);
  });

  it('of identifiers that the server has no authority for are refused (P-14)', async () => {
    const pages = [[put(organization('a', 1, '990780017')), put(organization('b', 1, '750000018'))]];
    const { records, issues } = await read(pages, { authority: [`${systems.finess}|99`] });
    expect(records.map(({ remoteId }) => remoteId)).toEqual(['a']);
    expect(issues).toMatchObject([{ rule: 'authority' }]);
    expect((await read(pages, { authority: [systems.finess] })).records).toHaveLength(2);
    expect((await read(pages, { authority: [systems.rpps] })).records).toHaveLength(0);
  });

  it('of 1,500 resources come in pages of 200 at most (P-16)', async () => {
    const entries = Array.from({ length: 1500 }, (_, n) =>
      put(organization(`o${n}`, 1, String(990000000 + n))),
    );
    const { pages, records } = await read([entries.slice(0, 700), entries.slice(700)]);
    expect(records).toHaveLength(1500);
    expect(Math.max(...pages.map((page) => page.records.length))).toBe(200);
  });

  it('what has no identifier is keyed by its address at the server (MCSD-16)', async () => {
    server.histories['Endpoint'] = [[{ resource: { resourceType: 'Endpoint', id: 'e', status: 'off' } }]];
    const { records } = await read([[]]);
    expect(records).toMatchObject([{ key: 'https://region.example/fhir|Endpoint/e', state: 'closed' }]);
  });

  it('need a full run first, and a full run is counted against totals (MCSD-19)', async () => {
    const delta = readAll(openMcsd(server), { mode: 'delta' });
    await expect(delta).rejects.toMatchObject({
      side: 'directory',
      message: expect.stringContaining('--full'),
    });
  });

  it('after a kill in the middle of a kind begin that kind again', async () => {
    const { pages } = await read([
      [put(organization('a', 2, '990780017'))],
      [put(organization('a', 1, '990780017'))],
    ]);
    const rest = await readAll(openMcsd(server), { mode: 'delta', cursor, resume: pages[0]!.checkpoint });
    expect(content(rest.pages.flatMap(({ records }) => records))).toEqual(['version 2']);
  });
});
