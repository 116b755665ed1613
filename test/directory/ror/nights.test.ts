import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRorSource } from '../../../src/directory/ror/source.ts';
import { summaryOf } from '../../../src/directory/run-summary.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { heldRows, states, sync, syncParts } from '../sync-ground.ts';

const folders: string[] = [];
const databases: TestDatabase[] = [];
let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
  folder = mkdtempSync(join(tmpdir(), 'ror-'));
  folders.push(folder);
});
afterAll(async () => {
  await Promise.all(databases.map((one) => one.close()));
  folders.forEach((one) => rmSync(one, { recursive: true }));
});

const system = 'urn:oid:1.2.250.1.213.3.6';
const place = (number: number, rest: object = {}) => ({
  ...{ resourceType: 'Location', id: `lieu-${number}`, status: 'active' },
  identifier: [{ system, value: `LIEU-${number}` }],
  ...rest,
});
const bundle = (...resources: object[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });

/** Drops the slices of a day and reads them. */
async function night(day: number, slices: readonly string[], authority: string[] = []) {
  slices.forEach((text, index) => writeFileSync(join(folder, `ror-202611${day}-${index + 1}.json`), text));
  const now = () => Date.parse('2026-11-28');
  const source = createRorSource({ id: 'ror', files: [join(folder, 'ror-*.json')], authority, now });
  return sync(syncParts(database.store), source, { full: true });
}

describe('nights with a ROR export', () => {
  it('of which a slice is no JSON fail by its name and line, and nothing of the others is applied', async () => {
    await night(20, [bundle(place(1)), bundle(place(2))]);
    const before = await heldRows(database.store, 'ror');
    const cut = bundle(place(3)).slice(0, -9);
    await expect(night(21, [bundle(place(1, { name: 'AUTRE' })), cut])).rejects.toMatchObject({
      ...{ side: 'directory', category: 'invalid' },
      message: expect.stringMatching(/^ror-20261121-2.json:1:1 : /),
    });
    const [failed] = await database.store.directory.runs(1, 'ror');
    expect(failed).toMatchObject({ status: 'failed' });
    expect(summaryOf(failed!).reason).toContain('ror-20261121-2.json:1:1');
    expect(await heldRows(database.store, 'ror')).toEqual(before);
  });

  it('in which a place loses its identifier keep it, and let another vanish that is gone (P-10)', async () => {
    await night(20, [bundle(place(1), place(2), place(3))]);
    const nameless = { ...place(1), identifier: [] };
    for (const day of [21, 22]) await night(day, [bundle(nameless, place(3))]);
    expect(await states(database.store, 'ror')).toEqual([
      ...[`${system}|LIEU-1 active`, `${system}|LIEU-2 vanished`, `${system}|LIEU-3 active`],
    ]);
  });

  it('with elements of other forms than FHIR’s hold what can be read of each resource', async () => {
    const odd = [
      5,
      null,
      'x',
      [null],
      [5],
      [{}],
      { coding: 5 },
      [{ coding: [null] }],
      [{ coding: [{ system: 5 }] }],
    ];
    const names = ['id', 'meta', 'name', 'category', 'characteristic', 'partOf', 'providedBy', 'position'];
    const services = odd.flatMap((value, at) =>
      names.map((name) => ({
        ...{ resourceType: 'HealthcareService', id: `offre-${at}-${name}` },
        ...{ identifier: [{ system, value: `OFFRE-${at}-${name}` }], [name]: value },
      })),
    );
    expect(await night(20, [bundle(...services)])).toMatchObject({ status: 'applied', complete: true });
    expect(await heldRows(database.store, 'ror')).toHaveLength(services.length);
  });

  it('hold nothing under a number of a register that the export has no authority for (P-14)', async () => {
    const rpps = { system: 'urn:oid:1.2.250.1.71.4.2.1', value: '810999900003' };
    const somebody = {
      resourceType: 'Practitioner',
      id: 'p',
      identifier: [rpps],
      name: [{ family: 'ESSAI' }],
    };
    const run = await night(20, [bundle(place(1), somebody)], [system]);
    expect(summaryOf(run).issues).toMatchObject([{ rule: 'authority' }]);
    expect(await states(database.store, 'ror')).toEqual([`${system}|LIEU-1 active`]);
  });
});
