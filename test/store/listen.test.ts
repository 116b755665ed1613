import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { outboxChannel } from '../../src/store/outbox.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('listening for outbox items', () => {
  let database: TestDatabase;
  let other: pg.Client;
  let stop: () => Promise<void>;
  let heard = 0;

  beforeAll(async () => {
    database = await freshDatabase();
    other = new pg.Client({ connectionString: database.url });
    await other.connect();
    stop = await database.store.onOutbox(() => (heard += 1));
  });
  afterAll(async () => {
    await other.end();
    await database.close();
  });

  const announceUntilHeard = async (): Promise<void> => {
    for (const before = heard; heard === before; await sleep(20))
      await other.query('select pg_notify($1, $2)', [outboxChannel, '']);
  };
  const listeners = async (): Promise<number> => {
    const { rows } = await other.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and query like 'listen %'`,
    );
    return rows.length;
  };

  it('hears of them', async () => {
    await announceUntilHeard();
    expect(heard).toBeGreaterThan(0);
  });

  it('hears of them again once a database that was restarted is back', async () => {
    await other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await announceUntilHeard();
    expect(await listeners()).toBe(1);
  });

  it('ends when asked', async () => {
    await stop();
    while ((await listeners()) > 0) await sleep(20);
    expect(await listeners()).toBe(0);
  });
});
