/** A database of its own with the first day loaded, for the scenarios of the held directory. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { type Size, sizeOf, writeExtractOf, writeFinessOf } from './files.ts';
import type { Night } from './process.ts';

const program = join(import.meta.dirname, 'process.ts');
const execute = promisify(execFile);

export type Stage = {
  folder: string;
  url: string;
  size: Size;
  extract: string;
  finess: string;
  /** Synchronises files in a new process. */
  night: (...files: string[]) => Promise<Night>;
};

/** Files, an empty migrated database, and the work on it; `roles` of the goals' table are 1,000,000. */
export async function onStage<T>(roles: number, work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const postgres = await startEmbedded(join(folder, 'db'), createLog('error'));
  try {
    const store = openStore(postgres.url);
    await migrate(store.db);
    await store.close();
    const size = sizeOf(roles);
    const extract = await writeExtractOf(folder, size, { date: '202611270800', turn: 1 });
    const finess = await writeFinessOf(folder, size);
    const night = async (...files: string[]): Promise<Night> => {
      const { stdout } = await execute(process.execPath, [program, postgres.url, ...files]);
      const told = JSON.parse(stdout) as Night;
      const wrong = told.statuses.filter((status) => status !== 'applied');
      if (wrong.length) throw new Error(`not applied: ${wrong.join(' ')} ${told.issues.join(' ')}`);
      return told;
    };
    return await work({ folder, url: postgres.url, size, extract, finess, night });
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of a command. */
export async function timed(command: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  await execute(command, [...args], { maxBuffer: 64 * 1024 * 1024 });
  return performance.now() - start;
}

/** Roles a scenario works with. */
export function rolesOf(quick: boolean): number {
  return quick ? 20_000 : 1_000_000;
}
