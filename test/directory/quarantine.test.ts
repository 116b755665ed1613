import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { summaryOf } from '../../src/directory/run-summary.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { fakeApi } from './annuaire/fake-api.ts';
import { openAnnuaire } from './annuaire/open-annuaire.ts';
import { ticking } from './annuaire/ticking.ts';
import { busyClock } from './busy-clock.ts';
import { fakeServer, openMcsd } from './mcsd/fake-server.ts';
import {
  person,
  personSystem,
  place,
  role,
  type Said,
  type Script,
  scriptedSource,
} from './scripted-source.ts';
import { heldRows, states, sync, syncParts } from './sync-ground.ts';

let database: TestDatabase;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
});
afterAll(() => Promise.all(databases.map((one) => one.close())));

const [a, b] = [person(1).key, person(2).key];
const keysHeld = async (source?: string) =>
  (await heldRows(database.store, source)).map(({ key, name, state }) => [key, name, state]);

/** Nights over one source, by a delta or in full; `keepsIds` as a server with a history. */
function nights(keepsIds = false) {
  const parts = syncParts(database.store);
  return (records: Said[], script: Partial<Script> & { full?: boolean } = {}) => {
    const { full = true, ...rest } = script;
    const source = scriptedSource({ records, delta: records, ...rest });
    return sync(parts, { ...source, keepsIds }, { full });
  };
}
const rules = (run: Parameters<typeof summaryOf>[0]) => (summaryOf(run).issues ?? []).map(({ rule }) => rule);

describe('another identity under the id of a held one (MCSD-18)', () => {
  it.each([
    ['by a delta', false],
    ['by a full reading', true],
  ])('is told, and neither of the two changes, night after night: %s', async (_, full) => {
    const night = nights();
    await night([person(1, { remoteId: '1', name: 'A' })]);
    for (const _night of [2, 3, 4]) {
      const run = await night([person(2, { remoteId: '1', name: 'B' })], { full });
      expect(rules(run)).toEqual(['takeover']);
      expect(summaryOf(run).ambiguous).toEqual([`Practitioner ${a}`, `Practitioner ${b}`]);
    }
    expect(await keysHeld()).toEqual([['P810900000001', 'A', 'active']]);
  });

  it('takes no role along: whom its link means cannot be known', async () => {
    const night = nights();
    const link = { practitioner: { remote: '1' } };
    const before = [person(1, { remoteId: '1' }), role(1, { facts: link })];
    await night(before);
    await night([
      person(2, { remoteId: '1' }),
      role(1, { facts: { ...link, profession: '60' } }),
      role(2, { facts: link }),
    ]);
    const [run] = await database.store.directory.runs(1, 'essai');
    expect(summaryOf(run!).ambiguous).toHaveLength(4); // two persons, two roles
    expect(await heldRows(database.store)).toMatchObject([
      { key: 'P810900000001', state: 'active' },
      { key: 'R10900000001', practitioner: 'P810900000001', profession: null },
    ]);
  });

  it('after a delta is read in full the next night', async () => {
    const night = nights();
    await night([person(1, { remoteId: '1' })]);
    await night([person(2, { remoteId: '1' })], { full: false });
    const moved = [person(1, { remoteId: '7', name: 'A 7' }), person(2, { remoteId: '1' })];
    const run = await night(moved, { full: false });
    expect(run.mode).toBe('full');
    expect(rules(run)).toEqual([]);
    expect(await states(database.store)).toEqual(['P810900000001 active', 'P810900000002 active']);
  });

  it('is none where a server numbers its records anew: each is there under an id of its own (P-1)', async () => {
    const night = nights();
    await night([person(1, { remoteId: '1' }), person(2, { remoteId: '2' })]);
    const run = await night([
      person(1, { remoteId: '2', name: 'A 2' }),
      person(2, { remoteId: '1', name: 'B 1' }),
    ]);
    expect(rules(run)).toEqual([]);
    expect(await heldRows(database.store)).toMatchObject([{ remote_id: '2' }, { remote_id: '1' }]);
  });

  it('is none where an identifier is added that is a better key, nor where the id had been closed', async () => {
    const night = nights();
    await night([place(1, { remoteId: 'o' }), person(1, { remoteId: 'p', state: 'closed' })]);
    const better: Said = {
      ...{ kind: 'Organization', key: `${systems.idNatSt}|1990000001`, remoteId: 'o' },
      facts: { identifiers: [place(1).key] },
    };
    expect(rules(await night([better, person(2, { remoteId: 'p' })]))).toEqual([]);
  });
});

describe('a held identity under a second id', () => {
  const first = person(1, { remoteId: '1', name: 'A' });
  const second = person(1, { remoteId: '2', name: 'somebody' });

  it('of a server that keeps its ids is left to a full reading, which leaves two of them as they are held', async () => {
    const night = nights(true);
    await night([first, person(3)]);
    const delta = await night([second], { full: false });
    expect(rules(delta)).toEqual(['contested']);
    expect(await keysHeld()).toMatchObject([['P810900000001', 'A', 'active'], {}]);
    const full = await night([first, second, person(3)], { full: false });
    expect(full.mode).toBe('full');
    expect(summaryOf(full).ambiguous).toEqual([`Practitioner ${a}`]);
    expect(await keysHeld()).toMatchObject([['P810900000001', 'A', 'active'], {}]);
    // one of the two is deleted: the other one is still there
    await night([person(3)], { full: false, removed: [{ kind: 'Practitioner', remote: '1' }] });
    expect(await keysHeld()).toMatchObject([['P810900000001', 'A', 'active'], {}]);
    await night([second, person(3)]);
    expect(await keysHeld()).toMatchObject([['P810900000001', 'somebody', 'active'], {}]);
  });

  it('is taken by a delta that tells the first one’s delete', async () => {
    const night = nights(true);
    await night([first]);
    await night([second], { full: false, removed: [{ kind: 'Practitioner', remote: '1' }] });
    expect(await keysHeld()).toEqual([['P810900000001', 'somebody', 'active']]);
  });

  it('is taken from a directory that makes ids anew (P-1), and the late end of the first id ends nothing', async () => {
    const night = nights();
    await night([first]);
    await night([second], { full: false });
    expect(await keysHeld()).toEqual([['P810900000001', 'somebody', 'active']]);
    await night([person(1, { remoteId: '1', state: 'closed' })], { full: false });
    expect(await states(database.store)).toEqual(['P810900000001 active']);
    await night([person(1, { remoteId: '2', state: 'closed' })], { full: false });
    expect(await states(database.store)).toEqual(['P810900000001 closed']);
  });
});

describe('an id that changes hands', () => {
  const resource = (id: string, key: string, family: string, at: string): AnyResource => ({
    ...{ resourceType: 'Practitioner', id, active: true, name: [{ family }] },
    meta: { versionId: at, lastUpdated: `2026-11-0${at}T00:00:00Z` },
    identifier: [{ system: personSystem, value: key.split('|')[1]! }],
  });

  it.each([
    ['in a history', false],
    ['in a search', true],
  ])('of an mCSD server is quarantined %s', async (_, full) => {
    const server = fakeServer([resource('1', a, 'A', '1')]);
    const parts = syncParts(database.store);
    await sync(parts, openMcsd(server));
    server.records = [resource('1', b, 'B', '2')];
    server.histories = { Practitioner: [server.records.map((one) => ({ resource: one }))] };
    const run = await sync(parts, openMcsd(server), { full });
    expect(rules(run)).toEqual(['takeover']);
    expect(JSON.stringify(summaryOf(run).issues)).not.toContain('10900000');
    expect(await keysHeld('region')).toEqual([['P810900000001', 'A', 'active']]);
  });

  it.each([
    ['in a delta', false],
    ['in a full reading', true],
  ])('of the national API is quarantined %s', async (_, full) => {
    const clock = busyClock();
    const api = fakeApi([resource('1', a, 'A', '1')], clock);
    const parts = syncParts(database.store, { clock });
    const open = () => ticking(openAnnuaire(api, clock), clock);
    await sync(parts, open());
    api.records = [
      { ...resource('1', b, 'B', '2'), meta: { lastUpdated: new Date(clock.now()).toISOString() } },
    ];
    const run = await sync(parts, open(), { full });
    expect({ mode: run.mode, rules: rules(run) }).toEqual({
      mode: full ? 'full' : 'delta',
      rules: ['takeover'],
    });
    expect(await keysHeld('annuaire')).toEqual([['P810900000001', 'A', 'active']]);
  });
});
