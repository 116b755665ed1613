import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { kept, keptName } from '../../src/store/kept-statements.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('a kept statement', () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await freshDatabase();
    store = openStore(database.url, 1);
  });
  afterAll(async () => {
    await store.close();
    await database.close();
  });

  it('is planned once a connection, whatever its values, and others are not kept', async () => {
    for (const value of [1, 2, 3]) {
      const { rows } = await sql<{ n: number }>`${kept}select ${value}::int + 1 as n`.execute(store.db);
      expect(rows).toEqual([{ n: value + 1 }]);
      await sql`select ${value}::int`.execute(store.db);
    }
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
      store.db,
    );
    expect(rows.map(({ statement }) => statement)).toEqual([expect.stringContaining('$1::int + 1')]);
  });

  it('has few forms: those beyond are planned anew each time', () => {
    const names = Array.from({ length: 300 }, (_, form) => keptName(`/* kept */ select ${form}`));
    expect(names.filter((name) => name === undefined).length).toBeGreaterThanOrEqual(100);
    expect(keptName('select 1')).toBeUndefined();
  });
});
