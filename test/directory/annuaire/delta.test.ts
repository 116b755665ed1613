import { describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../../src/fhir/types.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import { keysRead, readAll } from '../../contracts/directory-source.ts';
import { busyClock } from '../busy-clock.ts';
import { answer, fakeApi } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';
import { ticking } from './ticking.ts';

const hourMs = 3_600_000;
const old = population(300);
const changed = old.slice(40, 90).map((one) => ({
  ...one,
  meta: { versionId: '2', lastUpdated: '2026-10-31T23:30:00Z' },
  name: one.resourceType === 'Organization' ? 'Nouveau nom' : one['name'],
}));
const world = (): AnyResource[] =>
  [...old.filter(({ id }) => !changed.some((one) => one.id === id)), ...changed] as AnyResource[];

describe('a delta', () => {
  it('asks for what changed since the server’s own date of the last run, an hour earlier (P-11, P-12)', async () => {
    const clock = busyClock();
    const api = fakeApi(world(), clock);
    const cursor = { from: '2026-11-01T00:00:00.000Z' };
    const { pages, end } = await readAll(ticking(openAnnuaire(api, clock), clock), { mode: 'delta', cursor });
    expect(keysRead(pages)).toEqual(keysOf(changed));
    expect(end.complete).toBe(true);
    const since = api.requests.map(({ url }) => url.searchParams.get('_lastUpdated')).filter(Boolean);
    expect(new Set(since)).toEqual(new Set(['ge2026-10-31T23:00:00.000Z']));
    expect(end.cursor).toEqual({ from: end.asOf.toISOString() });
  });

  it('takes the server’s clock for its next cursor, not ours, which is a day ahead (P-11, P-12)', async () => {
    const clock = busyClock();
    const api = fakeApi(world(), clock);
    api.tamper = (_request, bundle) => {
      bundle['meta'] = { lastUpdated: new Date(clock.now() - 24 * hourMs).toISOString() };
    };
    const began = clock.now();
    const { end } = await readAll(ticking(openAnnuaire(api, clock), clock));
    expect(Math.abs(end.asOf.getTime() - (began - 24 * hourMs))).toBeLessThan(1000);
  });

  it('of more than 29 days is refused: a full run is needed (P-10)', async () => {
    const clock = busyClock();
    const api = fakeApi(world(), clock);
    const cursor = { from: new Date(clock.now() - 29 * 24 * hourMs).toISOString() };
    const delta = readAll(ticking(openAnnuaire(api, clock), clock), { mode: 'delta', cursor });
    await expect(delta).rejects.toMatchObject({
      side: 'directory',
      retryable: false,
      message: expect.stringContaining('--full'),
    });
    expect(api.requests).toHaveLength(1);
  });

  it('without a cursor is refused before anything is asked', async () => {
    const clock = busyClock();
    const api = fakeApi(world(), clock);
    const delta = readAll(ticking(openAnnuaire(api, clock), clock), { mode: 'delta' });
    await expect(delta).rejects.toMatchObject({ message: expect.stringContaining('--full') });
    expect(api.requests).toEqual([]);
  });

  it('over ten days with dead links begins again with larger pages, and is complete', async () => {
    const clock = busyClock();
    const days = population(900).map((one, index) => ({
      ...one,
      meta: { versionId: '1', lastUpdated: `2026-10-${String(20 + (index % 10))}T03:00:00Z` },
    }));
    const api = fakeApi(days, clock);
    api.tamper = ({ kind, page }) =>
      kind === 'PractitionerRole' && page > 1 && page % 2 === 0
        ? answer(200, '{"resourceType":"Bundle","total":900}')
        : undefined;
    const cursor = { from: '2026-10-19T00:00:00.000Z' };
    const { pages, end } = await readAll(ticking(openAnnuaire(api, clock), clock), { mode: 'delta', cursor });
    expect(keysRead(pages)).toEqual(keysOf(days));
    expect(end.complete).toBe(true);
    expect(api.requests.map(({ url }) => url.searchParams.get('_count'))).toContain('450');
  });

  it('uses 95 % of what the quota allows while a quarter of the answers are 502, and never more (P-9)', async () => {
    const clock = busyClock();
    const many = population(6500); // so many that several searches are open all the while
    const api = fakeApi(many, clock, ({ page }) => 40 + ((page * 37) % 90));
    let draw = 1;
    api.tamper = () => ((draw = (draw * 48271) % 2147483647) % 4 === 0 ? answer(502) : undefined);
    const source = openAnnuaire(api, clock, { pageSize: 20 });
    const { end } = await readAll(ticking(source, clock));
    expect(end.complete).toBe(true);
    const at = api.requests.map((one) => one.at);
    const within = (from: number, ms: number): number =>
      at.filter((one) => one >= from && one < from + ms).length;
    for (const from of at) {
      expect(within(from, 1000)).toBeLessThanOrEqual(17);
      expect(within(from, 60_000)).toBeLessThanOrEqual(1000);
    }
    // while several searches are open; the last of them is as fast as one link after another
    const steady = within(at[0]!, 40_000) / 40;
    expect(steady).toBeGreaterThanOrEqual((0.95 * 1000) / 60);
  }, 60_000);
});

describe('a record', () => {
  const meta = {
    versionId: '3',
    lastUpdated: '2026-10-31T23:30:00Z',
    source: 'https://annuaire.sante.example',
  };
  const read = async (...records: object[]) => {
    const clock = busyClock();
    const reading = await readAll(
      ticking(openAnnuaire(fakeApi(records as AnyResource[], clock), clock), clock),
    );
    return {
      pages: reading.pages,
      records: reading.pages.flatMap((page) => page.records),
      issues: reading.pages.flatMap((page) => page.issues),
    };
  };

  it('is keyed by its national identifier, linked by the server’s ids, and keeps its origin (P-1)', async () => {
    const { records } = await read({
      ...{ resourceType: 'PractitionerRole', id: 'r1', meta, active: true },
      identifier: [
        { system: 'https://other.example', value: 'x' },
        { system: systems.rpps, value: '10999900003' },
      ],
      practitioner: { reference: 'Practitioner/p1' },
      organization: { reference: 'https://annuaire.example/fhir/v2/Organization/o1/_history/2' },
    });
    expect(records).toMatchObject([
      {
        ...{ kind: 'PractitionerRole', key: `${systems.rpps}|10999900003`, state: 'active', form: 'fhir' },
        ...{ remoteId: 'r1', remoteVersion: '3' },
        facts: {
          practitioner: { remote: 'p1' },
          organization: { remote: 'o1' },
          identifiers: ['https://other.example|x'],
        },
      },
    ]);
    expect(JSON.parse(records[0]!.content)).toMatchObject({ meta: { source: meta.source } });
    expect(records[0]!.content).not.toContain('2026-10-31');
  });

  it('has the same hash when only its version and date moved', async () => {
    const one = {
      resourceType: 'Device',
      id: 'd',
      identifier: [{ system: 'https://d.example', value: '1' }],
    };
    const [first, second] = [
      await read({ ...one, meta }),
      await read({ ...one, meta: { ...meta, versionId: '4', lastUpdated: '2026-11-01T00:00:00Z' } }),
    ];
    expect(first.records[0]!.hash).toEqual(second.records[0]!.hash);
  });

  it('that is closed to a stub says so, another closed one keeps its content', async () => {
    const identifier = [{ system: systems.idNatSt, value: '1990780017' }];
    const { records } = await read(
      { resourceType: 'Organization', id: 'a', meta, active: false, identifier },
      { resourceType: 'Organization', id: 'b', meta, active: false, identifier, name: 'Fermé' },
    );
    expect(records.map(({ state, form, key }) => [state, form, key])).toEqual([
      ['closed', 'fhir-closed', `${systems.idNatSt}|1990780017`],
      ['closed', 'fhir', `${systems.idNatSt}|1990780017`],
    ]);
  });

  it('without a usable identifier is counted and told, without its content, and is there under its id (P-10)', async () => {
    const { records, issues, pages } = await read({
      resourceType: 'Practitioner',
      id: 'p',
      meta,
      name: [{ family: 'Personne' }],
    });
    expect(records).toEqual([]);
    expect(pages.flatMap(({ unread = [] }) => unread)).toEqual([{ kind: 'Practitioner', remote: 'p' }]);
    expect(issues).toMatchObject([{ rule: 'directory-key', expression: 'Practitioner.identifier' }]);
    expect(JSON.stringify(issues)).not.toContain('Personne');
  });

  it('known by RPPS alone has the idNatPs made of it; a structure falls back to FINESS, then SIRET', async () => {
    const { records } = await read(
      {
        resourceType: 'Practitioner',
        id: 'p',
        meta,
        identifier: [{ system: systems.rpps, value: '10999900003' }],
      },
      {
        resourceType: 'Organization',
        id: 'o',
        meta,
        identifier: [
          { system: systems.siren, value: '99999001300011' },
          { system: systems.finess, value: '990780017' },
        ],
      },
    );
    expect(records.map(({ key }) => key).sort()).toEqual([
      `${systems.finess}|990780017`,
      `${systems.idNatPs}|810999900003`,
    ]);
  });
});
