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

  it('keeps the counts of clients that were told before subscriptions were resources, and what waits for them', async () => {
    const later = Object.keys(migrations).filter((name) => name >= '0014');
    for (const [name, text] of Object.entries(migrations))
      if (!later.includes(name)) await sql.raw(text).execute(store.db);
    await sql
      .raw(
        `
      create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
      insert into subscriber values ('west', 'ghu', 7);
      insert into outbox (tenant, lane, server_id, subject, kind, payload, due_at, deadline, created_at, referral_id)
        values ('west', 'clinical', 'notify/ghu', 'notify/ghu', 'notify-subscriber',
          '{"entries": [], "detail": {"client": "ghu", "event": "7", "task": "t1", "at": "2026-11-22T10:00:00.000Z"}}',
          now(), now(), now(), 'r1')`,
      )
      .execute(store.db);
    for (const name of Object.keys(migrations).filter((one) => !later.includes(one)))
      await sql`insert into kysely_migration values (${name}, '2026-01-01')`.execute(store.db);
    expect(await migrate(store.db)).toEqual(later);
    expect(await store.subscriptions.get('west', 'ghu')).toMatchObject({ events: '7', configured: true });
    const all = { from: '0', until: '9', limit: 10 };
    expect(await store.subscriptions.events('west', 'ghu', all)).toMatchObject([{ n: '7', focusId: 't1' }]);
    const [item] = await store.outbox.open('west', {});
    expect(item).toMatchObject({ kind: 'subscription', subject: 'subscription/ghu' });
    expect(item!.payload.detail).toMatchObject({ subscription: 'ghu', event: '7', activation: 1 });
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
