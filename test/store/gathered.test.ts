import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { gathered, later } from '../../src/store/gathered.ts';
import type { Repositories } from '../../src/store/store.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('statements of a transaction whose answer nobody waits for', () => {
  /** What left together, in order; `fails` is refused by the database. */
  const connection = (fails?: string) => {
    const trips: string[][] = [];
    let trip: string[] | undefined;
    const send = (text: string): Promise<string> => {
      (trip ?? trips[trips.push([]) - 1]!).push(text);
      return text === fails ? Promise.reject(new Error(text)) : Promise.resolve(`answer to ${text}`);
    };
    const ask = gathered(send, (sendAll) => {
      trips.push((trip = []));
      sendAll();
      trip = undefined;
    });
    return { trips, ask: (text: string) => ask(text, []) };
  };

  it('travel with the next one, in their order', async () => {
    const { ask, trips } = connection();
    await ask('begin');
    await ask('/* later */ a');
    await ask('/* later */ b');
    expect(trips).toEqual([]);
    expect(await ask('c')).toBe('answer to c');
    await ask('/* later */ d');
    expect(await ask('commit')).toBe('answer to commit');
    expect(trips).toEqual([
      ['begin', '/* later */ a', '/* later */ b', 'c'],
      ['/* later */ d', 'commit'],
    ]);
  });

  it('wait for nothing outside a transaction, nor after it', async () => {
    const { ask, trips } = connection();
    await ask('/* later */ a');
    await ask('begin');
    await ask('commit');
    await ask('/* later */ b');
    expect(trips).toEqual([['/* later */ a'], ['begin', 'commit'], ['/* later */ b']]);
  });

  it('fail what they travel with', async () => {
    const { ask } = connection('/* later */ a');
    await ask('start transaction isolation level repeatable read');
    await ask('/* later */ a');
    await expect(ask('commit')).rejects.toThrow('/* later */ a');
  });

  it('are never sent when the transaction is given up before', async () => {
    const { ask, trips } = connection();
    await ask('begin');
    await ask('/* later */ a');
    await ask('rollback');
    expect(trips).toEqual([]);
    await ask('begin');
    await ask('b');
    await ask('/* later */ c');
    await ask('rollback');
    expect(trips).toEqual([['begin', 'b'], ['rollback']]);
  });

  describe('at PostgreSQL', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await freshDatabase();
      await sql`create table thing (n int primary key)`.execute(database.store.db);
    });
    afterAll(() => database.close());
    beforeEach(() => sql`truncate thing`.execute(database.store.db));

    const add = ({ db }: Repositories, n: number) => sql`${later}insert into thing values (${n})`.execute(db);
    const all = async ({ db }: Pick<Repositories, 'db'>): Promise<number[]> =>
      (await sql<{ n: number }>`select n from thing order by n`.execute(db)).rows.map(({ n }) => n);

    it('are seen by what comes after them, and are there once it is committed', async () => {
      await database.store.transaction(async (tx) => {
        await add(tx, 1);
        await add(tx, 2);
        expect(await all(tx)).toEqual([1, 2]);
        await add(tx, 3);
      });
      expect(await all(database.store)).toEqual([1, 2, 3]);
    });

    it('undo everything when one fails, which is told, at the latest by the commit', async () => {
      const twice = database.store.transaction(async (tx) => {
        await add(tx, 1);
        expect(await all(tx)).toEqual([1]);
        await add(tx, 1);
        await add(tx, 2);
      });
      await expect(twice).rejects.toMatchObject({ code: '23505' });
      expect(await all(database.store)).toEqual([]);
      await database.store.transaction((tx) => add(tx, 4));
      expect(await all(database.store)).toEqual([4]);
    });
  });
});
