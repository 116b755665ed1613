import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { isAlive, readPostmaster } from '../../src/store/embedded-postmaster.ts';
import { startEmbedded, type EmbeddedPostgres } from '../../src/store/embedded.ts';

const log = createLog('silent');
let made: string;
let folder: string;
let running: EmbeddedPostgres[];
let holders: ChildProcess[];

/** One data folder is made and copied: making one takes most of a second. */
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'pas-made-'));
  await (await startEmbedded(made, log)).stop();
});

afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pas-embedded-'));
  running = [];
  holders = [];
});

afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  for (const server of running) await server.stop();
  const left = await readPostmaster(join(folder, 'postgres'));
  if (left && isAlive(left.pid)) process.kill(left.pid, 'SIGQUIT');
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** A folder where a gateway has run before. */
async function useMade(at = folder): Promise<void> {
  await cp(join(made, 'postgres'), join(at, 'postgres'), { recursive: true });
}

async function start(at = folder): Promise<EmbeddedPostgres> {
  const server = await startEmbedded(at, log);
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the server is killed under some of them
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

/** Starts a holder in a process of its own; answers the URL it printed, or its standard error when it ended. */
async function hold(options: { uid?: number; gid?: number } = {}): Promise<{ url?: string; said: string }> {
  const program = new URL('./embedded-holder.ts', import.meta.url).pathname;
  const holder = spawn(process.execPath, [program, folder], { ...options, cwd: '/' });
  holders.push(holder);
  let said = '';
  holder.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const first = once(createInterface(holder.stdout), 'line') as Promise<[string]>;
  const [url] = await Promise.race([first, once(holder, 'close').then(() => [undefined])]);
  return url === undefined ? { said } : { url, said };
}

describe('the embedded database', () => {
  it('starts in an empty folder as UTF-8 with locale C, and answers nobody without its password', async () => {
    const { url } = await start();
    const settings = await query(
      url,
      `select pg_encoding_to_char(encoding) as encoding, datcollate as collation, current_setting('fsync') as fsync
       from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual([{ encoding: 'UTF8', collation: 'C', fsync: 'on' }]);
    const stranger = new URL(url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps what was written over a stop and a second start', async () => {
    await useMade();
    const first = await start();
    await query(first.url, 'create table kept as select 1 as n');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('comes back by itself, with every committed row, when its server is killed', async () => {
    await useMade();
    const { url } = await start();
    await query(url, 'create table kept as select 1 as n');
    const { pid } = (await readPostmaster(join(folder, 'postgres')))!;
    process.kill(pid, 'SIGKILL');
    expect(await queryUntilAnswered(url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect((await readPostmaster(join(folder, 'postgres')))?.pid).not.toBe(pid);
  });

  it('takes over from a gateway that was killed and left its server running', async () => {
    await useMade();
    const { url } = await hold();
    await query(url!, 'create table kept as select 1 as n');
    const left = (await readPostmaster(join(folder, 'postgres')))!;
    await killHolder();
    expect(isAlive(left.pid)).toBe(true);
    const { url: next } = await hold();
    expect(isAlive(left.pid)).toBe(false);
    expect(await query(next!, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('recovers when gateway and server are killed together and started again at once', async () => {
    await useMade();
    const { url } = await hold();
    await query(url!, 'create table kept as select 1 as n');
    const left = (await readPostmaster(join(folder, 'postgres')))!;
    process.kill(left.pid, 'SIGKILL');
    await killHolder();
    const { url: next, said } = await hold();
    expect(said).toBe('');
    expect(await query(next!, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('is not stopped by a process number that another program has meanwhile', async () => {
    await useMade();
    const data = join(folder, 'postgres');
    const { uid, gid } = await stat(data);
    const stale = [process.pid, data, 1, 5432, join(folder, 'postgres-socket'), '', '', 'ready'].join('\n');
    await writeFile(join(data, 'postmaster.pid'), stale, { mode: 0o600 });
    await chown(join(data, 'postmaster.pid'), uid, gid);
    const { url } = await start();
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('refuses a second gateway on the same folder and says who holds it', async () => {
    await useMade();
    await hold();
    const second = await hold();
    expect(second.url).toBeUndefined();
    expect(second.said).toContain('est déjà tenu par une passerelle');
    expect(second.said).toContain(`processus ${holders[0]!.pid}`);
    expect(second.said).toContain('http://127.0.0.1:1');
  });

  it('starts in a folder with spaces, quotes and commas in its name', async () => {
    const at = join(folder, 'Réseau "Ouest", l’été');
    await useMade(at);
    const { url } = await start(at);
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('starts in a folder whose path is too long for a socket', async () => {
    const at = join(folder, 'long'.repeat(30), 'passerelle');
    await useMade(at);
    const { url } = await start(at);
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('starts under an ordinary account, even one without a name on this machine', async () => {
    const ordinary = process.getuid?.() === 0 ? { uid: 23_456, gid: 23_456 } : {};
    if (ordinary.uid) await chown(folder, ordinary.uid, ordinary.gid);
    const { url, said } = await hold(ordinary);
    expect(said).toBe('');
    expect(await query(url!, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('makes its data again when a first start was killed half-way', async () => {
    await writeFile(join(folder, 'postgres.password'), 'left');
    await mkdir(join(folder, 'postgres.new', 'base'), { recursive: true });
    const { url } = await start();
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('says that the data come from another major version', async () => {
    await useMade();
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '14\n');
    await expect(start()).rejects.toMatchObject({
      category: 'unavailable',
      side: 'gateway',
      message: expect.stringContaining('autre version majeure'),
    });
  });

  it('says that a folder is not a folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(start(file)).rejects.toMatchObject({ category: 'unavailable', side: 'gateway' });
  });

  it('writes no statement and no value of a failed query into its log', async () => {
    await useMade();
    const { url } = await start();
    await query(url, 'create table once (name text primary key)');
    await query(url, `insert into once values ('canary-7f3')`);
    await expect(query(url, `insert into once values ('canary-7f3')`)).rejects.toMatchObject({
      code: '23505',
    });
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain('canary');
  });
});

async function killHolder(): Promise<void> {
  const holder = holders.at(-1)!;
  const closed = once(holder, 'exit');
  holder.kill('SIGKILL');
  await closed;
}

async function queryUntilAnswered(url: string, text: string): Promise<unknown[]> {
  for (let round = 0; round < 200; round += 1) {
    try {
      return await query(url, text);
    } catch {
      await sleep(50);
    }
  }
  throw new Error('no answer');
}
