import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openStore } from '../../src/store/store.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../database.ts';

describe('a database that goes away under a gateway', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.close());

  const endOtherConnections = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    await client.end();
  };

  it('is told as unavailable, to be tried again, and the next transaction finds it back', async () => {
    const interrupted = database.store.transaction(async (tx) => {
      await tx.settings.getOrCreate('a', () => 'kept by nobody');
      await endOtherConnections();
      await tx.settings.getOrCreate('b', () => 'never');
    });
    await expect(interrupted).rejects.toMatchObject({
      ...{ name: 'GatewayError', category: 'unavailable', side: 'gateway', retryable: true },
    });
    await expect(database.store.settings.getOrCreate('a', () => 'anew')).resolves.toBe('anew');
  });

  it('is told as unavailable when no connection can be had', async () => {
    const other = await emptyDatabase();
    const store = openStore(other.url);
    await other.close();
    const url = new URL(other.url);
    url.searchParams.set('host', '/no/such/folder');
    const nowhere = openStore(url.href);
    await expect(nowhere.outbox.open('t', {})).rejects.toMatchObject({
      ...{ category: 'unavailable', retryAfterMs: 2000 },
    });
    await Promise.all([store.close(), nowhere.close()]);
  });

  it('is not blamed for a statement of ours that is wrong', async () => {
    const wrong = database.store.db
      .selectFrom('outbox')
      .select('no_such_column' as 'id')
      .execute();
    await expect(wrong).rejects.toMatchObject({ code: '42703' });
    await expect(wrong).rejects.not.toHaveProperty('category');
  });
});
