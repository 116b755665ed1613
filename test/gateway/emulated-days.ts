/** The example networks in an emulated FINESS and RPPS that know them, over two days: what closes, leaves and moves. */
import { join } from 'node:path';
import { systemClock, systemIds } from '../../src/clock.ts';
import { createAnnuaire } from '../../src/directory/annuaire/create-annuaire.ts';
import { createQuota } from '../../src/directory/api/quota.ts';
import { createFinessSource } from '../../src/directory/finess/source.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { createLog } from '../../src/log.ts';
import { createEmulator, type Emulator } from '../../src/sandbox/annuaire/emulator.ts';
import { writeFiles } from '../../src/sandbox/annuaire/files/write-files.ts';
import { knownToExamples } from '../../src/sandbox/annuaire/pinned.ts';
import { createPopulation } from '../../src/sandbox/annuaire/population/population.ts';
import type { LifeRates } from '../../src/sandbox/annuaire/population/types.ts';
import { sync, syncParts } from '../directory/sync-ground.ts';
import { nothingWrong } from '../sandbox/annuaire/emulate.ts';
import type { DirectoryWorld } from './directory-world.ts';

/** Nothing happens by itself. */
const still: LifeRates = {
  ...{ newPerson: 0, retirement: 0, move: 0, secondRole: 0, roleChange: 0, nameChange: 0, mailboxChange: 0 },
  ...{ opening: 0, closing: 0, renaming: 0, relocation: 0, merger: 0 },
};

/** Who has what happen to them on the second day, by FINESS or RPPS. */
export const fates = {
  closed: '990780033',
  inactive: '10999900102',
  moved: '990780231',
  streetMoved: '990780249',
  practiceMoved: '10999900136',
};

const finess = (value: string): string => `${systems.finess}|${value}`;
const rpps = (value: string): string => `${systems.rpps}|${value}`;

export type EmulatedDays = {
  /** Reads FINESS from its file and the people from the API, as a night would. */
  night(): Promise<void>;
  /** The second day. */
  turn(): void;
  stop(): Promise<void>;
};

/** Starts the directory; nothing is read yet. */
export async function startEmulatedDays({
  store,
  folder,
}: Pick<DirectoryWorld, 'store' | 'folder'>): Promise<EmulatedDays> {
  const population = createPopulation({
    ...{ seed: 5, roles: 1500, start: '2026-11-01', quirks: nothingWrong, pinned: knownToExamples() },
    rates: still,
  });
  const emulator: Emulator = await createEmulator({
    population,
    scenario: { daySeconds: 0, quotas: { retryAfter: false } },
  });
  const parts = syncParts(store);
  const quota = createQuota({ perSecond: 5000, perMinute: 300_000 }, systemClock);
  return {
    async night() {
      const files = join(folder, `finess-${population.day}`);
      await writeFiles(population, files, { kinds: ['finess-plus'] });
      const places = createFinessSource({
        ...{ id: 'finess', files: [join(files, '*')], now: () => Date.now() },
      });
      await applied(sync(parts, places, { rank: 0 }));
      const people = createAnnuaire({
        ...{ id: 'annuaire', base: emulator.base, key: emulator.key, quota, clock: systemClock },
        ...{ ids: systemIds, log: createLog('silent') },
      });
      await applied(sync(parts, people, { rank: 1 }));
    },
    turn() {
      const [day] = emulator.advance(1, [
        { kind: 'close', type: 'Organization', identifier: finess(fates.closed) },
        { kind: 'retire', identifier: rpps(fates.inactive) },
        { kind: 'relocate', identifier: finess(fates.moved), commune: '69123' },
        { kind: 'relocate', identifier: finess(fates.streetMoved), commune: '83009' },
        { kind: 'move', identifier: rpps(fates.practiceMoved), to: finess('990780017') },
      ]);
      if (day!.unknown > 0) throw new Error('the directory does not know everybody');
    },
    stop: () => emulator.stop(),
  };
}

async function applied(run: Promise<{ status: string }>): Promise<void> {
  const { status } = await run;
  if (status !== 'applied') throw new Error(`the run is ${status}`);
}
