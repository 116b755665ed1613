/** `passerelle sync` as processes of their own against an emulated directory, over the embedded database of a folder. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { createLog } from '../../src/log.ts';
import { createEmulator, type Emulator } from '../../src/sandbox/annuaire/emulator.ts';
import { createPopulation } from '../../src/sandbox/annuaire/population/population.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type Difference, differences } from '../reliability/directory/compare.ts';
import { stopPostgres } from '../reliability/postgres-process.ts';
import { nothingWrong } from '../sandbox/annuaire/emulate.ts';
import { passerelle, type Ran, type Running, start, workFolder } from './passerelle.ts';

export type SyncStage = {
  emulator: Emulator;
  /** Where the embedded database lies. */
  data: string;
  /** A synchronisation under way. */
  sync(...args: string[]): Running;
  /** Any other command over the same database, to its end. */
  command(...args: string[]): Promise<Ran>;
  /** Waits until the directory was asked so many more times, or until the process ended. */
  asked(more: number, running: Running): Promise<void>;
  /** Looks at the database while no command runs. */
  look<T>(at: (store: Store) => Promise<T>): Promise<T>;
  /** What is held beside what an ideal reader knows today; `complete`: days that were read to their end. */
  differences(complete: ReadonlySet<number>): Promise<Difference[]>;
  close(): Promise<void>;
};

export type StageOptions = {
  roles: number;
  /** Folder of the embedded database; default: one of this stage's own. */
  data?: string;
  /** A database server in its place. */
  databaseUrl?: string;
};

/** Rows of a page: small, so that there are many pages to be killed at. */
const pageSize = 50;
const source = 'annuaire';

/** A directory that answers at once, whose days turn when told; nothing is synchronised yet. */
export async function startSyncStage({ roles, data, databaseUrl }: StageOptions): Promise<SyncStage> {
  const place = await workFolder();
  const folder = data ?? join(place.folder, 'data');
  const population = createPopulation({ seed: 9, roles, start: '2026-11-01', quirks: nothingWrong });
  const quotas = { retryAfter: false }; // no limit: a test waits for nothing
  const emulator = await createEmulator({ population, scenario: { daySeconds: 0, quotas } });
  const entry = { id: source, kind: 'annuaire', base: emulator.base, key: '${env:KEY}' };
  const config = {
    ...{ tenant: 'essai', folder },
    directory: {
      sources: [{ ...entry, pageSize, perSecond: 250, perMinute: 15_000 }],
      brake: { share: 1, freely: 1_000_000 },
    },
  };
  await writeFile(join(place.folder, 'passerelle.yaml'), stringify(config));
  const env = { KEY: emulator.key, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
  const where = { cwd: place.folder, env };
  const look = async <T>(at: (store: Store) => Promise<T>): Promise<T> => {
    const server = databaseUrl === undefined ? await startEmbedded(folder, createLog('silent')) : undefined;
    const store = openStore(databaseUrl ?? server!.url, 2);
    try {
      return await at(store);
    } finally {
      await store.close();
      await server?.stop();
    }
  };
  return {
    ...{ emulator, data: folder, look },
    sync: (...args) => start(['sync', '--json', ...args], where),
    command: (...args) => passerelle(args, where),
    async asked(more, running) {
      const wanted = emulator.traffic().requests + more;
      let over = false;
      void running.ended.then(() => (over = true));
      while (!over && emulator.traffic().requests < wanted) await pause(2);
    },
    differences: (complete) =>
      look((store) => differences(store, source, emulator.ideal({ complete: (day) => complete.has(day) }))),
    async close() {
      await emulator.stop();
      if (databaseUrl === undefined) await stopPostgres(folder);
      await place.remove();
    },
  };
}
