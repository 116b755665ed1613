/**
 * Databases for tests: each call gives an empty one with today's tables, on the server of DATABASE_URL when that is
 * set, else on an embedded one that all test files share.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../src/store/migrate.ts';
import { migrations } from '../src/store/migrations/index.ts';
import { openStore, type Store } from '../src/store/store.ts';

/** A database of one test or test file. */
export type TestDatabase = { url: string; store: Store; close(): Promise<void> };

/** Makes a database, migrated. Close it at the end: that drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const template = `passerelle_template_${contentOf(migrations)}`;
  const { url, drop } = await createDatabase(async (admin, serverUrl) => {
    await makeTemplate(admin, serverUrl, template);
    return `template ${template}`;
  });
  const store = openStore(url);
  const held = await hold(url);
  return {
    url,
    store,
    close: async () => {
      await store.close();
      await held.end();
      await drop();
    },
  };
}

/** An open connection: the shared server ends itself when nobody has one, and a test may wait long for something else. */
async function hold(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a test that ends all connections ends this one, too
  await client.connect();
  return client;
}

/** Makes a database with nothing in it, for tests of migration itself. */
export async function emptyDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const { url, drop } = await createDatabase(() => Promise.resolve(''));
  return { url, close: drop };
}

async function createDatabase(options: (admin: pg.Client, serverUrl: string) => Promise<string>) {
  const { admin, serverUrl } = await connect();
  const name = `passerelle_test_${randomBytes(8).toString('hex')}`;
  try {
    await admin.query(`create database ${name} ${await options(admin, serverUrl)}`);
  } finally {
    await admin.end();
  }
  const drop = async () => {
    const { admin: again } = await connect();
    await again.query(`drop database if exists ${name} with (force)`);
    await again.end();
  };
  return { url: withDatabase(serverUrl, name), drop };
}

const templateLock = 7_277_002;

/** The migrated database that others are copied from; one a content of migrations, so an edit makes a new one. */
async function makeTemplate(admin: pg.Client, serverUrl: string, name: string): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [templateLock]);
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const unfinished = `${name}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    const store = openStore(withDatabase(serverUrl, unfinished), 1);
    await migrate(store.db).finally(() => store.close());
    await admin.query(`alter database ${unfinished} rename to ${name}`);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [templateLock]);
  }
}

function contentOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function connect(): Promise<{ admin: pg.Client; serverUrl: string }> {
  const given = process.env['DATABASE_URL'];
  if (given) return { admin: await connectTo(given), serverUrl: given };
  const folder = join(tmpdir(), `passerelle-tests-${process.getuid?.() ?? 'user'}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let failure: unknown;
  for (let round = 0; round < 300; round += 1) {
    const serverUrl = await readFile(join(folder, 'url'), 'utf8').catch(() => undefined);
    try {
      if (serverUrl) return { admin: await connectTo(serverUrl), serverUrl };
    } catch (error) {
      failure = error; // it is starting, or ended just now
    }
    if (round % 50 === 0) startServer(folder);
    await sleep(100);
  }
  throw new Error(`no test database in ${folder}`, { cause: failure });
}

async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function startServer(folder: string): void {
  const program = new URL('./database-server.ts', import.meta.url).pathname;
  spawn(process.execPath, [program, folder], { detached: true, stdio: 'ignore' }).unref();
}
