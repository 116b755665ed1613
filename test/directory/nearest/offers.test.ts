/** What roles are found by when only their practitioner and their organisation say it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { systemClock } from '../../../src/clock.ts';
import { createAnnuaire } from '../../../src/directory/annuaire/create-annuaire.ts';
import { createQuota } from '../../../src/directory/api/quota.ts';
import { createFinessSource } from '../../../src/directory/finess/source.ts';
import { nearestOffers } from '../../../src/directory/nearest/nearest.ts';
import { placesOf } from '../../../src/directory/nearest/places.ts';
import { rollbackSync } from '../../../src/directory/rollback.ts';
import { createLog } from '../../../src/log.ts';
import { createEmulator } from '../../../src/sandbox/annuaire/emulator.ts';
import { writeFiles } from '../../../src/sandbox/annuaire/files/write-files.ts';
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { person, place, role, type Said, type Script, scriptedSource } from '../scripted-source.ts';
import { sync, syncParts } from '../sync-ground.ts';

const trades = 'https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante';
const titles = 'https://mos.esante.gouv.fr/NOS/TRE_R95-UsagerTitre/FHIR/TRE-R95-UsagerTitre';
const skills = 'https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale';
const bandol = '83009';
const toulon = '83137';

let database: TestDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.close());

/** `role commune` of who is offered, with any of the codes where some are given. */
async function offered(profession = '10', codes?: string[]): Promise<string[]> {
  const communes = await database.store.directoryNearest.communesOf(profession, codes);
  const rows = await database.store.directoryNearest.roles({
    ...{ profession, communes, limit: 100, offset: 0 },
    ...(codes ? { codes } : {}),
  });
  return rows.map(({ key, commune }) => `${key} ${commune}`).sort();
}
const day = (records: Said[], rest: Partial<Script> = {}) =>
  sync(syncParts(database.store), scriptedSource({ id: 'api', records, pageSize: 10, ...rest }));

const shortOf = ({ key }: Said): string => `R${key.split('|')[1]}`;
const doctor = person(1, { facts: { codes: [`${trades}|10`, `${skills}|SM54`] } });
const office = place(1, { facts: { commune: bandol } });
const bare = role(1, { facts: { practitioner: { key: doctor.key }, organization: { key: office.key } } });

describe('a role without profession and commune', () => {
  it('is offered as what its practitioner is, where its organisation is', async () => {
    await day([doctor, office, bare]);
    expect(await offered()).toEqual([`${shortOf(bare)} ${bandol}`]);
    expect(await offered('10', [`${skills}|SM54`])).toEqual([`${shortOf(bare)} ${bandol}`]);
    expect(await offered('10', [`${skills}|SM04`])).toEqual([]);
    expect(await offered('60')).toEqual([]);
  });

  it('is offered in each profession of its practitioner, psychologists among them', async () => {
    await day([{ ...doctor, facts: { codes: [`${trades}|60`, `${titles}|93`] } }, office, bare]);
    expect([await offered('60'), await offered('93'), await offered('10')]).toEqual([
      [`${shortOf(bare)} ${bandol}`],
      [`${shortOf(bare)} ${bandol}`],
      [],
    ]);
  });

  it('moves with its organisation, changes with its practitioner, and its own versions stay as they are', async () => {
    const first = await day([doctor, office, bare]);
    const moved = place(1, { name: 'moved', facts: { commune: toulon } });
    await day([doctor, moved, bare]);
    expect(await offered()).toEqual([`${shortOf(bare)} ${toulon}`]);
    const nurse = person(1, { name: 'nurse', facts: { codes: [`${trades}|60`] } });
    await day([nurse, moved, bare]);
    expect([await offered(), await offered('60')]).toEqual([[], [`${shortOf(bare)} ${toulon}`]]);
    const { rows } = await sql<{ run: number }>`
      select changed_run as run from directory_record where kind = 'PractitionerRole'`.execute(
      database.store.db,
    );
    expect(rows).toEqual([{ run: first.id }]);
  });

  it('is offered no more when it ends, and again when that is undone', async () => {
    const first = await day([doctor, office, bare]);
    await day([doctor, office, { ...bare, state: 'closed' }]);
    expect(await offered()).toEqual([]);
    const ask = { run: first.id, actor: 'test', confirm: true, signal: new AbortController().signal };
    await rollbackSync(syncParts(database.store), ask);
    expect(await offered()).toEqual([`${shortOf(bare)} ${bandol}`]);
  });

  it('is told by the first source that says it, its own before all', async () => {
    const silent = place(1, { name: 'silent' });
    await day([doctor, silent, bare]);
    expect(await offered()).toEqual([]);
    const other = (records: Said[], id: string, rank: number) =>
      sync(syncParts(database.store), scriptedSource({ id, records }), { rank });
    await other([place(1, { name: 'second', facts: { commune: toulon } })], 'second', 2);
    expect(await offered()).toEqual([`${shortOf(bare)} ${toulon}`]);
    await other([place(1, { name: 'first', facts: { commune: '83123' } })], 'first', 1);
    expect(await offered()).toEqual([`${shortOf(bare)} 83123`]);
    await day([doctor, office, bare]);
    expect(await offered()).toEqual([`${shortOf(bare)} ${bandol}`]);
  });

  it('is where the locations of its organisation are, when they are in one commune', async () => {
    const there = (value: number, commune: string): Said => ({
      ...{ kind: 'Location', key: `urn:place|${value}` },
      facts: { organization: { key: office.key }, commune },
    });
    const kinds: Script['kinds'] = ['Practitioner', 'PractitionerRole', 'Organization', 'Location'];
    const all = [doctor, place(1), bare];
    await day([...all, there(1, bandol), there(2, bandol)], { kinds });
    expect(await offered()).toEqual([`${shortOf(bare)} ${bandol}`]);
    await day([...all, there(1, bandol), there(3, toulon)], { kinds });
    expect(await offered()).toEqual([]);
  });

  it('counts where people are looked for in a commune and specialists in a territory', async () => {
    await day([doctor, office, bare]);
    const { directorySearch } = database.store;
    expect(await directorySearch.inCommunes('PractitionerRole', [bandol], 10)).toHaveLength(1);
    const territory = { codes: [`${skills}|SM54`], communes: [], limit: 10 };
    expect(await directorySearch.activeRoles({ ...territory, departments: ['83'] })).toHaveLength(1);
    expect(await directorySearch.activeRoles({ ...territory, departments: ['84'] })).toEqual([]);
  });

  it('that was held before offers were kept is offered after the next run of any source', async () => {
    await day([doctor, office, bare]);
    await sql`delete from directory_offer`.execute(database.store.db);
    await sql`update directory_source set offered = false`.execute(database.store.db);
    await sync(syncParts(database.store), scriptedSource({ id: 'other', records: [place(9)] }), { rank: 1 });
    expect(await offered()).toEqual([`${shortOf(bare)} ${bandol}`]);
  });
});

describe('a role that says profession and commune itself', () => {
  it('is offered by these alone', async () => {
    const said = { ...bare.facts, profession: '70', commune: '83123' };
    await day([doctor, office, { ...bare, facts: said }]);
    expect([await offered('70'), await offered('10')]).toEqual([[`${shortOf(bare)} 83123`], []]);
  });
});

describe('the emulated national API alone, with FINESS for the places', () => {
  let folder: string;
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('answers with every doctor of a commune', async () => {
    const population = createPopulation({ seed: 11, roles: 600, start: '2026-09-01' });
    const scenario = { quirks: [], daySeconds: 0, quotas: { retryAfter: false } };
    const emulator = await createEmulator({ population, scenario });
    folder = await mkdtemp(join(tmpdir(), 'offers-'));
    try {
      await writeFiles(population, folder, { kinds: ['finess'] });
      const files = (await readdir(folder)).map((name) => join(folder, name));
      const parts = syncParts(database.store);
      const finess = createFinessSource({
        ...{ id: 'finess', now: () => Date.now() },
        files: files.filter((file) => /stock|finess|etalab/i.test(file)),
      });
      expect((await sync(parts, finess, { rank: 1 })).status).toBe('applied');
      const annuaire = createAnnuaire({
        ...{ id: 'annuaire', base: emulator.base, key: emulator.key, clock: systemClock },
        ids: { uuid: () => 'no', fraction: () => 0.01 },
        quota: createQuota({ perSecond: 5000, perMinute: 300_000 }, systemClock),
        log: createLog('silent'),
      });
      expect((await sync(parts, annuaire, { rank: 0 })).status).toBe('applied');

      const doctors = new Map<string, Set<string>>();
      for (const { index } of population.entries('PractitionerRole', {}, -1, 1_000_000)) {
        const { person: who, structure } = population.role(index)!;
        if (structure === undefined || !population.isActive('PractitionerRole', index)) continue;
        if (!population.isActive('Practitioner', who) || !population.isActive('Organization', structure))
          continue;
        if (population.person(who)!.profession.code !== '10') continue;
        const commune = population.structure(structure)!.address.commune.code;
        const pair = `${population.key('Practitioner', who)} ${population.key('Organization', structure)}`;
        doctors.set(commune, (doctors.get(commune) ?? new Set()).add(pair));
      }
      const places = placesOf(await database.store.directoryNearest.places());
      const [commune, there] = [...doctors]
        .filter(([code]) => places.at(code))
        .sort(([, a], [, b]) => b.size - a.size)[0]!;
      const offers = await nearestOffers(database.store, places, {
        ...{ from: places.at(commune)!, profession: '10', within: 0, limit: 100 },
        offered: new Set(await database.store.directoryNearest.communesOf('10')),
      });
      expect(there.size).toBeGreaterThan(1);
      expect(offers).toHaveLength(there.size);
      expect(offers.every(({ role: { source } }) => source === 'annuaire')).toBe(true);
    } finally {
      await emulator.stop();
    }
  }, 120_000);
});
