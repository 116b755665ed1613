import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadAsk, SourcePage } from '../../../src/directory/types.ts';
import { keysRead, readAll, type Reading } from '../../contracts/directory-source.ts';
import { busyClock, type BusyClock } from '../busy-clock.ts';
import { fakeApi, type FakeApi } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';
import { ticking } from './ticking.ts';

const records = population(450);
let clock: BusyClock;
let api: FakeApi;
beforeEach(() => {
  clock = busyClock();
  api = fakeApi([...records], clock);
});
const read = (ask: Partial<ReadAsk> = {}): Promise<Reading> =>
  readAll(ticking(openAnnuaire(api, clock), clock), ask);

describe('a row that no page shows although every search ends as announced', () => {
  const hidden = records.find(({ resourceType }) => resourceType === 'PractitionerRole')!;
  /** Searches for roles leave one out, and say that there is one less; the total alone is right. */
  const lacking: FakeApi['tamper'] = ({ kind, url }, bundle) => {
    if (kind !== 'PractitionerRole' || url.searchParams.get('_count') === '1') return;
    const entries = (bundle['entry'] ?? []) as { resource: object }[];
    bundle['entry'] = entries.filter(({ resource }) => resource !== hidden);
    bundle['total'] = Number(bundle['total']) - 1;
  };

  it('comes when its kind is asked for once more', async () => {
    api.tamper = (request, bundle) => (searchesOfRoles() < 2 ? lacking(request, bundle) : undefined);
    const reading = await read();
    expect(reading.end).toMatchObject({ complete: true });
    expect(keysRead(reading.pages)).toEqual(keysOf(records));
    expect(searchesOfRoles()).toBe(2);
  });

  it('is not proven by what came again when the run was cut meanwhile', async () => {
    api.tamper = lacking;
    let resume: SourcePage['checkpoint'] = null;
    const signal = new AbortController().signal;
    const source = ticking(openAnnuaire(api, clock), clock);
    for await (const page of source.read({ mode: 'full', known: { has: () => false }, signal })) {
      resume = page.checkpoint;
      if (searchesOfRoles() === 2) break;
    }
    const rest = await read({ resume });
    expect(rest.end.complete).toBe(false);
    expect(rest.end.incomplete).toMatch(/^PractitionerRole/);
  });

  describe('while as many others changed as it would take to make up for it, between a cut and going on', () => {
    /** Cut in the middle of the roles; a day later three of them are changed. */
    const cut = async (): Promise<SourcePage['checkpoint']> => {
      const signal = new AbortController().signal;
      const source = ticking(openAnnuaire(api, clock, { pageSize: 50, streams: 1 }), clock);
      for await (const { checkpoint } of source.read({ mode: 'full', known: { has: () => false }, signal })) {
        if (api.requests.filter(({ kind }) => kind === 'PractitionerRole').length < 3) continue;
        const changed = ['rol-20', 'rol-21', 'rol-22'];
        const meta = { versionId: '2', lastUpdated: new Date(clock.now() + 60_000).toISOString() };
        for (const [at, one] of api.records.entries())
          if (changed.includes(one.id!)) api.records[at] = { ...one, meta };
        return checkpoint;
      }
      return null;
    };

    it('is not proven by these', async () => {
      api.tamper = lacking;
      const { end } = await read({ resume: await cut() });
      expect(end).toMatchObject({
        complete: false,
        incomplete: 'PractitionerRole : 449 lues, 450 annoncées',
      });
    });

    it('comes when its kind is read anew', async () => {
      api.tamper = lacking;
      const resume = await cut();
      api.tamper = (request, bundle) => (searchesOfRoles() < 2 ? lacking(request, bundle) : undefined);
      const { end, pages } = await read({ resume });
      expect(end).toMatchObject({ complete: true });
      expect(keysRead(pages)).toContain(keysOf([hidden])[0]);
      expect(searchesOfRoles()).toBe(2);
    });
  });

  /** Begun without a condition, totals asked for not counted. */
  const searchesOfRoles = (): number =>
    api.requests.filter(
      ({ url }) =>
        url.pathname.endsWith('/PractitionerRole') &&
        !url.search.includes('_lastUpdated') &&
        url.searchParams.get('_count') !== '1',
    ).length;
});
