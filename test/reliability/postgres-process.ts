/** The embedded PostgreSQL of a folder, for being killed under a gateway and for being ended with a test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, readPostmaster, stopProcess } from '../../src/store/embedded-postmaster.ts';

/** Kills the postmaster as a lack of memory would; false when none is running. */
export async function killPostgres(folder: string): Promise<boolean> {
  const found = await readPostmaster(join(folder, 'postgres'));
  if (!found || !isAlive(found.pid)) return false;
  process.kill(found.pid, 'SIGKILL');
  return true;
}

/** Ends a server that a killed gateway left behind in a folder of ours. */
export async function stopPostgres(folder: string): Promise<void> {
  const found = await readPostmaster(join(folder, 'postgres'));
  if (found && isAlive(found.pid)) await stopProcess(found.pid);
}

/** The same at once, for the end of the program. */
export function endPostgres(folder: string): void {
  try {
    const [pid] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
  } catch {
    // none there
  }
}
