import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AnnuaireOptions } from '../../../src/directory/annuaire/options.ts';
import { keysRead, readAll, type Reading } from '../../contracts/directory-source.ts';
import { busyClock, type BusyClock } from '../busy-clock.ts';
import { answer, fakeApi, type FakeApi, outcome, type Tamper } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';
import { ticking } from './ticking.ts';

let clock: BusyClock;
beforeEach(() => {
  clock = busyClock();
});
const read = (api: FakeApi, changes: Partial<AnnuaireOptions> = {}): Promise<Reading> =>
  readAll(ticking(openAnnuaire(api, clock, changes), clock), {});

/** Larger pages are no way out, and the second link of every search of a kind is dead. */
const deadSecondLink =
  (of: string): Tamper =>
  ({ kind, page, url }) => {
    if (Number(url.searchParams.get('_count')) > 25) return answer(413);
    return kind === of && page === 3 ? outcome(404) : undefined;
  };

describe('a search that is shared out (P-5)', () => {
  it('among practitioners, only once all of these were read: roles of the others would be found by no part', async () => {
    const records = population(450);
    // one code for all roles, so that persons are all that is left to share them out by
    for (const one of records)
      if (one.resourceType === 'PractitionerRole') one['code'] = [{ coding: [{ system: 'x', code: 'L' }] }];
    const api = fakeApi(records, clock, ({ kind }) => (kind === 'Practitioner' ? 3000 : 60));
    api.tamper = deadSecondLink('PractitionerRole');
    const { pages, end } = await read(api, { pageSize: 20 });
    expect(end).toMatchObject({ complete: true });
    expect(keysRead(pages)).toEqual(keysOf(records));
    const lists = api.requests.flatMap(({ url }) => url.searchParams.get('practitioner')?.split(',') ?? []);
    expect(new Set(lists).size).toBe(450);
  });

  it('by postal codes, where most names begin with one word', async () => {
    const records = population(450);
    const structures = records.filter(({ resourceType }) => resourceType === 'Organization');
    structures.forEach((one, at) => {
      one['name'] = `Cabinet ${at}`;
      one['address'] = [{ city: 'Ville' }, { postalCode: String(1000 + at * 431).padStart(5, '0') }];
    });
    const api = fakeApi(records, clock);
    api.tamper = deadSecondLink('Organization');
    const { pages, end } = await read(api, { pageSize: 20 });
    expect(end).toMatchObject({ complete: true });
    expect(keysRead(pages)).toEqual(keysOf(records));
    const asked = api.requests.flatMap(({ url }) => url.searchParams.get('address-postalcode') ?? []);
    expect(new Set(asked.filter((one) => one.length === 1)).size).toBe(10);
  });

  it('and whose parts miss rows is asked for once more, however few came', async () => {
    const records = population(450);
    // codes that the first pages do not show: no part asks for them
    const roles = records.filter(({ resourceType }) => resourceType === 'PractitionerRole');
    roles.forEach((one, at) => {
      const code = at < 60 ? `early-${at % 2}` : `late-${at % 3}`;
      one['code'] = [{ coding: [{ system: 'x', code }] }];
    });
    const api = fakeApi(records, clock);
    const isByCode = ({ url }: { url: URL }): boolean => url.searchParams.has('role');
    const dead = deadSecondLink('PractitionerRole');
    api.tamper = (request, bundle) => (api.requests.some(isByCode) ? undefined : dead(request, bundle));
    const { pages, end } = await read(api, { pageSize: 20 });
    expect(end).toMatchObject({ complete: true });
    expect(keysRead(pages)).toEqual(keysOf(records));
    expect(api.requests.some(isByCode)).toBe(true);
  });
});
