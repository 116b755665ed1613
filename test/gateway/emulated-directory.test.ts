/** The example networks against an emulated FINESS and RPPS that know them: synchronised, matched, searched, published. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createExtractSource } from '../../src/directory/extract/source.ts';
import { createFinessSource } from '../../src/directory/finess/source.ts';
import { writeFiles } from '../../src/sandbox/annuaire/files/write-files.ts';
import { knownToExamples } from '../../src/sandbox/annuaire/pinned.ts';
import { createPopulation } from '../../src/sandbox/annuaire/population/population.ts';
import { nothingWrong } from '../sandbox/annuaire/emulate.ts';
import { sync, syncParts } from '../directory/sync-ground.ts';
import { type DirectoryWorld, known, openDirectoryWorld } from './directory-world.ts';

let world: DirectoryWorld;
beforeAll(async () => {
  world = await openDirectoryWorld();
  const folder = join(world.folder, 'directory');
  const population = createPopulation({
    ...{ seed: 5, roles: 2_000, start: '2026-11-01', quirks: nothingWrong, pinned: knownToExamples() },
  });
  await writeFiles(population, folder, { kinds: ['extract', 'finess'] });
  const files = readdirSync(folder).map((name) => join(folder, name));
  const now = () => Date.now();
  const of = (pattern: RegExp) => files.filter((file) => pattern.test(file));
  const parts = syncParts(world.store);
  const finess = createFinessSource({ id: 'finess', files: of(/stock|finess|etalab/i), now });
  expect((await sync(parts, finess, { rank: 0 })).status).toBe('applied');
  const extract = createExtractSource({ id: 'extract', files: of(/Personne_activite/), now });
  expect((await sync(parts, extract, { rank: 1 })).status).toBe('applied');
}, 240_000);
afterAll(async () => world.close());

describe('the example networks in an emulated directory', () => {
  it('are known by their identifiers: each structure and each person is matched', async () => {
    const { matches } = await world.gateway.operations.directoryMatch({});
    const matched = matches
      .filter(({ status }) => status === 'matched')
      .map(({ item }) => item.split('|')[1]);
    for (const { rpps } of known.people) expect(matched).toContain(rpps);
    for (const { finess, finessKind } of known.structures)
      if (finess !== undefined && finessKind === 'geographic') expect(matched).toContain(finess);
  }, 120_000);

  it('are published as the directory says them, and a second plan is empty', async () => {
    const { servers } = await world.gateway.operations.apply({});
    expect(servers).toMatchObject([{ parked: 0, waiting: 0 }]);
    const planned = await world.gateway.operations.plan({});
    expect(planned.servers.flatMap(({ changes }) => changes)).toEqual([]);
    const sources = (await world.held('Organization')).map(({ meta }) => meta?.source);
    expect(sources.some((source) => source?.includes('/directory/finess'))).toBe(true);
  }, 120_000);

  it('answer who is nearest to a commune', async () => {
    const rows = await world.store.db
      .selectFrom('directory_record')
      .where('kind', '=', 'PractitionerRole')
      .where('profession', '=', '10')
      .where('commune', 'is not', null)
      .select('commune')
      .distinct()
      .execute();
    const places = new Set((await world.store.directoryNearest.places()).map(({ commune }) => commune));
    const commune = rows.map((row) => row.commune!).find((one) => places.has(one))!;
    const { offers } = await world.gateway.operations.directoryNearest({
      profession: 'medecin',
      commune,
      limit: 5,
    });
    expect(offers.length).toBeGreaterThan(0);
    expect(offers[0]).toMatchObject({ km: 0, commune, source: 'extract' });
  }, 120_000);

  it('answer who takes new patients, as the networks published it', async () => {
    const role = await world.store.db
      .selectFrom('directory_record')
      .where('kind', '=', 'PractitionerRole')
      .where('practitioner', 'like', '%10999901696')
      .select('commune')
      .executeTakeFirstOrThrow();
    const search = { profession: 'medecin', commune: role.commune!, within: 5, newPatients: true };
    const { offers } = await world.gateway.operations.directoryNearest(search);
    expect(offers).toMatchObject([
      { newPatients: { accepts: true, network: 'cpts-communaute-inventee', on: '2026-11-01' } },
    ]);
  }, 120_000);
});
