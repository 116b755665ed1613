import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createServer, type AddressInfo } from 'node:net';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyDatabase } from '../database.ts';

describe('migrating a database', () => {
  let database: { url: string; close(): Promise<void> };
  let store: Store;

  beforeEach(async () => {
    database = await emptyDatabase();
    store = openStore(database.url);
  });

  afterEach(async () => {
    await store.close();
    await database.close();
  });

  it('makes every table once, in the order of the numbers', async () => {
    expect(await migrate(store.db)).toEqual(Object.keys(migrations).sort());
    expect(await migrate(store.db)).toEqual([]);
    expect(await store.db.selectFrom('network').selectAll().execute()).toEqual([]);
  });

  it('lets gateways that start together share the work', async () => {
    const others = [openStore(database.url), openStore(database.url)];
    const done = await Promise.all([store, ...others].map((one) => migrate(one.db)));
    await Promise.all(others.map((other) => other.close()));
    expect(done.flat().sort()).toEqual(Object.keys(migrations).sort());
  });

  it('refuses a database of a newer release and says which migration it does not know', async () => {
    await migrate(store.db);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-future', '2030-01-01')`.execute(
      store.db,
    );
    await expect(migrate(store.db)).rejects.toMatchObject({
      category: 'unavailable',
      side: 'gateway',
      retryable: false,
      message: expect.stringContaining('9999-future'),
    });
  });

  it('refuses a read-only database', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    const readonly = openStore(url.href);
    await expect(migrate(readonly.db)).rejects.toMatchObject({
      category: 'unavailable',
      message: expect.stringContaining('lecture seule'),
    });
    await readonly.close();
  });

  it('refuses an unknown account without repeating its password', async () => {
    const url = new URL(database.url);
    url.username = 'passerelle_unknown';
    url.password = 'wrong-secret';
    const locked = openStore(url.href);
    const error = await migrate(locked.db).catch((thrown: unknown) => thrown);
    await locked.close();
    expect(error).toMatchObject({ category: 'unavailable', side: 'gateway', retryable: false });
    expect((error as Error).message).toMatch(/refuse le (mot de passe|compte)/);
    expect((error as Error).message).not.toContain('wrong-secret');
  });

  it('says that nobody answers at an address without a database', async () => {
    const port = await closedPort();
    const nobody = openStore(`postgresql://someone:secret@127.0.0.1:${port}/passerelle`);
    const error = await migrate(nobody.db).catch((thrown: unknown) => thrown);
    await nobody.close();
    expect(error).toMatchObject({ category: 'unavailable', side: 'gateway', retryable: true });
    expect((error as Error).message).toContain('connexion refusée');
    expect((error as Error).message).not.toContain('secret');
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
