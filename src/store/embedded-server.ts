/** One run of the embedded server, from its start to its end. */
import type { ChildProcess } from 'node:child_process';
import { chown, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAs } from './embedded-account.ts';
import type { Address } from './embedded-address.ts';
import type { Binaries } from './embedded-binaries.ts';
import type { Cluster } from './embedded-cluster.ts';
import { embeddedFailure, isLeavingBehind } from './embedded-failure.ts';
import { clearPostmaster, readPostmaster } from './embedded-postmaster.ts';

/** PostgreSQL settings by name, beyond our own. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Its log tells of starts and crashes only: failed statements, their values and details could hold patient data. */
const ourSettings: ServerSettings = {
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  logging_collector: 'off',
};

const patienceMs = 60_000; // crash recovery replays at most a few minutes of log
const leftoverMs = 10_000;

/** Starts the server and waits until it takes connections. Retries while the remains of a killed one go away. */
export async function launch(
  folder: string,
  binaries: Binaries,
  cluster: Cluster,
  address: Address,
  settings: ServerSettings,
): Promise<ChildProcess> {
  const options = Object.entries({ ...ourSettings, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  for (let waited = 0; ; waited += 200) {
    const log = await openLog(folder);
    const start = log.size;
    const child = startAs(
      cluster.account,
      binaries,
      binaries.postgres,
      ['-D', cluster.data, ...address.args, ...options],
      log.handle.fd,
    );
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', () => resolve('exit'));
    });
    await log.handle.close();
    const outcome = await Promise.race([ended, ready(cluster, child)]);
    if (outcome === undefined) return child;
    const said = `${(await readFile(log.file, 'utf8')).slice(start)}\n${outcome}`;
    if (!isLeavingBehind(said) || waited >= leftoverMs) throw embeddedFailure(folder, said);
    await sleep(200);
    await clearPostmaster(cluster.data);
  }
}

async function ready(cluster: Cluster, child: ChildProcess): Promise<string | undefined> {
  for (let waited = 0; waited < patienceMs; waited += 10) {
    const found = await readPostmaster(cluster.data);
    if (found?.pid === child.pid && found?.status === 'ready') return undefined;
    if (child.exitCode !== null) return 'exit';
    await sleep(10);
  }
  child.kill('SIGQUIT');
  return 'no answer in time';
}

const largestLog = 1_000_000;

/** `postgres.log`; the previous one is kept as `postgres.log.1` once it is large. */
async function openLog(folder: string) {
  const file = join(folder, 'postgres.log');
  const before = await stat(file).catch(() => undefined);
  if (before && before.size > largestLog) await rename(file, `${file}.1`);
  const handle = await open(file, 'a', 0o600);
  const { uid } = await stat(folder);
  if (process.getuid?.() === 0) await chown(file, uid, uid);
  const { size } = await handle.stat();
  return { file, handle, size };
}
