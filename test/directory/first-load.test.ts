import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { finishFirstLoad } from '../../src/directory/first-load.ts';
import { partitionOf } from '../../src/store/directory-partition.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

const records = 20_000;
const source = 'large';

describe('a first load', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
    const { db, directoryFirstLoad } = database.store;
    await directoryFirstLoad.prepare(source);
    const part = partitionOf(source);
    await sql`alter table ${part} set (autovacuum_enabled = false)`.execute(db); // nobody else makes statistics
    await sql`insert into ${part}
        (source, kind, key, state, hash, form, remote_id, practitioner, created_run, changed_run)
      select ${source}, kind, left(kind, 1) || right(kind, 1) || n, 'active', '\\x00', 'fhir', kind || n,
        case kind when 'PractitionerRole' then '?Practitioner' || n end, 1, 1
      from generate_series(1, ${records}::int) n cross join (values ('Practitioner'), ('PractitionerRole')) k (kind)`.execute(
      db,
    );
    await directoryFirstLoad.buildKey(source);
  });

  afterAll(() => database.close());

  it('of links by the source’s own ids costs a join, not a comparison of all with all', async () => {
    const began = Date.now();
    await finishFirstLoad(database.store, { run: 1, source });
    expect(Date.now() - began).toBeLessThan(30_000);
    const { rows } = await sql<{ resolved: number }>`
      select count(*)::int as resolved from ${partitionOf(source)} where practitioner like 'Pr%'`.execute(
      database.store.db,
    );
    expect(rows).toEqual([{ resolved: records }]);
  }, 300_000);
});
