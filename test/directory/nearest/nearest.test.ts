import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nearestOffers, type Ask } from '../../../src/directory/nearest/nearest.ts';
import { placesOf } from '../../../src/directory/nearest/places.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { type HeldInput, hold } from '../held.ts';

let database: TestDatabase;

const bandol = { commune: '83009', lat: 43.136, lon: 5.753 };
const sanary = { commune: '83123', lat: 43.119, lon: 5.801 };
const toulon = { commune: '83137', lat: 43.124, lon: 5.928 };
const saintDenis = { commune: '97411', lat: -20.882, lon: 55.45 };
const places = placesOf([bandol, sanary, toulon, saintDenis]);

const everywhere = new Set([bandol, sanary, toulon, saintDenis].map(({ commune }) => commune));

const role = (key: string, commune: string, more: Partial<HeldInput> = {}): HeldInput => ({
  ...{
    kind: 'PractitionerRole',
    key,
    commune,
    profession: '10',
    practitioner: `P${key}`,
    organization: 'F1',
  },
  ...{ codes: ['s|SM54'], ...more },
});
const person = (key: string, state = 'active'): HeldInput => ({
  ...{ kind: 'Practitioner', key: `P${key}`, name: `Personne ${key}`, state },
});

beforeAll(async () => {
  database = await freshDatabase();
  await hold(database.store, 'annuaire', 0, [
    role('toulon', '83137'),
    role('bandol', '83009'),
    role('nurse', '83009', { profession: '60' }),
    role('heart', '83123', { codes: ['s|SM04'] }),
    role('closed-role', '83009', { state: 'closed' }),
    role('closed-person', '83009'),
    role('closed-place', '83009', { organization: 'F2' }),
    role('island', '97411'),
    ...['toulon', 'bandol', 'nurse', 'heart', 'island'].map((key) => person(key)),
    person('closed-person', 'closed'),
    { kind: 'Organization', key: 'F1', name: 'Cabinet' },
    { kind: 'Organization', key: 'F2', name: 'Fermé', state: 'closed' },
  ]);
  await hold(database.store, 'extract', 1, [role('x-bandol', '83009', { practitioner: 'Pbandol' })]);
});
afterAll(async () => database.close());

const find = async (more: Partial<Ask> = {}) => {
  const ask = { from: bandol, profession: '10', within: 100, limit: 10, offered: everywhere, ...more };
  const offers = await nearestOffers(database.store, places, ask);
  return offers.map(({ km, role: { key } }) => [key, Math.round(km)]);
};

describe('the nearest offers', () => {
  it('are roles in use of people and places in use, nearest first, each once whatever sources say it', async () => {
    expect(await find()).toEqual([
      ['bandol', 0],
      ['heart', 4],
      ['toulon', 14],
    ]);
  });

  it('keep to the profession, speciality, distance and number that are asked', async () => {
    expect(await find({ profession: '60' })).toEqual([['nurse', 0]]);
    expect(await find({ codes: ['s|SM04', 's|other'] })).toEqual([['heart', 4]]);
    expect(await find({ within: 5 })).toEqual([
      ['bandol', 0],
      ['heart', 4],
    ]);
    expect(await find({ limit: 1 })).toEqual([['bandol', 0]]);
    const there = await database.store.directoryNearest.communesOf('60');
    expect([there, await find({ profession: '60', offered: new Set(there) })]).toEqual([
      ['83009'],
      [['nurse', 0]],
    ]);
    expect(await database.store.directoryNearest.communesOf('10', ['s|SM04', 's|other'])).toEqual(['83123']);
    expect(await find({ persons: ['Ptoulon'] })).toEqual([['toulon', 14]]);
    expect(await find({ persons: [] })).toEqual([]);
  });

  it('are found behind any number of people nearer by who are not asked for', async () => {
    const crowd = Array.from({ length: 90 }, (_, n) => role(`crowd-${n}`, '83009', { profession: '70' }));
    await hold(database.store, 'crowd', 2, [...crowd, role('far', '83137', { profession: '70' })]);
    let statements = 0;
    const counted = {
      directoryNearest: {
        ...database.store.directoryNearest,
        roles: (...ask: Parameters<typeof database.store.directoryNearest.roles>) => {
          statements += 1;
          return database.store.directoryNearest.roles(...ask);
        },
      },
    };
    const ask = { from: bandol, profession: '70', within: 100, limit: 1, offered: everywhere };
    const offers = await nearestOffers(counted, places, { ...ask, persons: ['Pfar'] });
    expect(offers.map(({ role: { key } }) => key)).toEqual(['far']);
    expect(statements).toBeLessThanOrEqual(3);
  });

  it('work overseas, and end where nobody is', async () => {
    expect(await find({ from: saintDenis })).toEqual([['island', 0]]);
    expect(await find({ from: saintDenis, profession: '60' })).toEqual([]);
  });

  it('say who and where, from which source and of what day', async () => {
    const [offer] = await nearestOffers(database.store, places, {
      from: bandol,
      profession: '10',
      offered: everywhere,
      within: 1,
      limit: 1,
    });
    expect(offer).toMatchObject({
      role: {
        ...{ personName: 'Personne bandol', structureName: 'Cabinet' },
        ...{ source: 'annuaire', asOf: new Date('2026-11-01T00:00:00Z') },
      },
    });
  });
});
