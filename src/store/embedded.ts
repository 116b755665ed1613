/**
 * The embedded PostgreSQL: real server binaries from npm, started by ourselves in the gateway's folder.
 * The caller owns the folder (owner.ts): nobody else starts, stops or clears a server in it meanwhile.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorFields, type Log } from '../log.ts';
import { chooseAddress, removeShortFolder, type Address } from './embedded-address.ts';
import { findBinaries } from './embedded-binaries.ts';
import { databaseName, openCluster, type Cluster } from './embedded-cluster.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { clearPostmaster, readPostmaster, stopProcess } from './embedded-postmaster.ts';
import { launch, type ServerSettings } from './embedded-server.ts';

/** A running embedded server. */
export type EmbeddedPostgres = {
  /** Connection string of the gateway's database; it holds the password. */
  readonly url: string;
  /** Shuts the server down and waits for its end; close the connections first. */
  stop(): Promise<void>;
};

/**
 * Makes `<folder>/postgres` at first use, then starts its server. A server that a killed gateway left running is shut
 * down first; one that dies while the gateway runs is started again at the same address.
 * Throws a GatewayError (`unavailable`, French) when it cannot be had: rights, disk, port, account, other version.
 */
export async function startEmbedded(
  folder: string,
  log: Log,
  settings: ServerSettings = {},
): Promise<EmbeddedPostgres> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await start(await realpath(folder), log, settings);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : embeddedFailure(folder, `${code} ${message}`, error);
  }
}

async function start(folder: string, log: Log, settings: ServerSettings): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(folder);
  await clearLeftovers(`${folder}/postgres`, log);
  const cluster = await openCluster(folder, binaries);
  const address = await chooseAddress(folder, cluster.account.uid);
  const begin = () => launch(folder, binaries, cluster, address, settings);

  let stopping = false;
  let current = await begin();
  const onExit = () => void current.kill('SIGINT'); // the program ends without stop(): do not leave the server behind
  process.once('exit', onExit);

  const watch = (child: ChildProcess) =>
    child.once('exit', (code) => {
      if (stopping) return;
      log.error('store.postgres-ended', { status: code ?? 'killed' });
      void revive().catch((error: unknown) => log.error('store.postgres-lost', errorFields(error)));
    });
  const revive = async () => {
    await sleep(100);
    if (stopping) return;
    const next = await begin();
    current = next;
    if (stopping) return stopProcess(next.pid!);
    watch(next);
    log.warn('store.postgres-restarted', { pid: next.pid });
  };
  watch(current);
  log.info('store.postgres-started', { pid: current.pid, state: cluster.account.name, path: folder });

  const stop = async () => {
    stopping = true;
    process.removeListener('exit', onExit);
    if (current.exitCode === null && current.pid) await stopProcess(current.pid);
    await address.remove();
  };
  try {
    await ensureDatabase(cluster, address);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlOf(cluster, address, databaseName), stop };
}

async function clearLeftovers(data: string, log: Log): Promise<void> {
  const before = await readPostmaster(data);
  const found = await clearPostmaster(data);
  if (before) await removeShortFolder(before.socketFolder);
  if (found !== 'none') log.warn('store.postgres-left-behind', { state: found, pid: before?.pid });
}

function urlOf(cluster: Cluster, address: Address, database: string): string {
  const query = `host=${encodeURIComponent(address.host)}&port=${address.port}&sslmode=disable`;
  return `postgresql://${databaseName}:${cluster.password}@localhost/${database}?${query}`;
}

const noSuchDatabase = '3D000';

async function ensureDatabase(cluster: Cluster, address: Address): Promise<void> {
  const own = new pg.Client({ connectionString: urlOf(cluster, address, databaseName) });
  try {
    await own.connect();
    await own.end();
  } catch (error) {
    if ((error as { code?: string }).code !== noSuchDatabase) throw error;
    const first = new pg.Client({ connectionString: urlOf(cluster, address, 'postgres') });
    await first.connect();
    await first.query(`create database ${databaseName}`);
    await first.end();
  }
}
