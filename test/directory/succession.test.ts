import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { fakeServer, openMcsd } from './mcsd/fake-server.ts';
import { finessSystem, place, type Said, scriptedSource } from './scripted-source.ts';
import { heldRows, sync, syncParts } from './sync-ground.ts';

let database: TestDatabase;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
});
afterAll(() => Promise.all(databases.map((one) => one.close())));

const pharmacy = (number: number, rest: Partial<Said> = {}, commune = '83009'): Said =>
  place(number, { name: 'Pharmacie du Port', facts: { commune }, ...rest });
const succeeding = async () =>
  (await heldRows(database.store)).flatMap(({ key, succeeds }) =>
    succeeds === null ? [] : [`${String(key)} > ${succeeds as string}`],
  );
const night = (...records: Said[]) => sync(syncParts(database.store), scriptedSource({ records }));

describe('an establishment under another FINESS number (P-2)', () => {
  it('succeeds the one of its name in its commune that is closed the same night', async () => {
    await night(pharmacy(1), place(8));
    await night(pharmacy(1, { state: 'closed' }), pharmacy(2, { name: 'PHARMACIE DU PORT' }), place(8));
    expect(await succeeding()).toEqual(['F990000002 > F990000001']);
  });

  it('succeeds one that vanishes nights later', async () => {
    await night(pharmacy(1));
    await night(pharmacy(2));
    expect(await succeeding()).toEqual([]);
    await night(pharmacy(2));
    expect(await succeeding()).toEqual(['F990000002 > F990000001']);
  });

  it.each<[string, Said[]]>([
    ['in another commune', [pharmacy(2, {}, '83137')]],
    ['of another name', [pharmacy(2, { name: 'Pharmacie du Phare' })]],
    ['of two that begin', [pharmacy(2), pharmacy(3)]],
    ['beside a third that goes on', [pharmacy(2), pharmacy(7)]],
    ['that has no FINESS number', [{ ...pharmacy(2), key: 'https://example.org/structure|2' }]],
  ])('is not guessed: %s', async (_, begin) => {
    const third = begin.some(({ key }) => key === pharmacy(7).key) ? [pharmacy(7)] : [];
    await night(pharmacy(1), ...third);
    await night(pharmacy(1, { state: 'closed' }), ...begin);
    expect(await succeeding()).toEqual([]);
  });
});

describe('an establishment under another id of its server (P-1)', () => {
  const organization = (id: string, name: string) => ({
    ...{ resourceType: 'Organization', id, active: true, name, meta: { versionId: '1' } },
    identifier: [{ system: finessSystem, value: '990000001' }],
  });

  it.each([
    ['a history that tells the delete of the first', false],
    ['a full reading', true],
  ])('stays the record that it is, by %s: what was decided of it stands', async (_, full) => {
    const server = fakeServer([organization('1', 'avant')]);
    const parts = syncParts(database.store);
    await sync(parts, openMcsd(server));
    const [before] = await heldRows(database.store, 'region');
    server.records = [organization('2', 'après')];
    const gone = { request: { method: 'DELETE', url: 'Organization/1' } };
    server.histories = { Organization: [[{ resource: organization('2', 'après') }, gone]] };
    await sync(parts, openMcsd(server), { full });
    const rows = await heldRows(database.store, 'region');
    expect(rows).toMatchObject([{ key: before!['key'], state: 'active', remote_id: '2', name: 'après' }]);
  });
});
