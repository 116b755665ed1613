import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { summaryOf } from '../../src/directory/run-summary.ts';
import { stagedRecord } from '../../src/directory/staged-record.ts';
import { partitionOf } from '../../src/store/directory-partition.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { person, place, readRecord, scriptedSource } from './scripted-source.ts';
import { heldRows, states, sync, syncParts } from './sync-ground.ts';

const records = [person(1), person(2), person(3), person(4), place(1), place(2), place(3)];
const pages = 4;

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** What a server that fails does to transactions that did not wait for the disk: the page is gone, rows and all. */
async function lose(source: string, page: number): Promise<void> {
  const { db } = database.store;
  await sql`
    delete from ${partitionOf(source)}
    where ctid in (select ctid from ${partitionOf(source)} order by ctid offset ${page * 2})`.execute(db);
  await sql`
    delete from directory_page p using directory_run r
    where r.id = p.run and r.source = ${source} and p.seq >= ${page}`.execute(db);
}

describe('a first load whose database fails and forgets the pages it took last', () => {
  it.each([
    ['before the next page', 2, 1],
    ['before the next page, two of them', 3, 1],
    ['before the next page, all of them', 1, 0],
  ])('reads them again: %s', async (_name, at, lost) => {
    const id = `lost-${at}-${lost}`;
    let done = false;
    const before = async (page: number): Promise<void> => {
      if (page !== at || done) return;
      done = true;
      await lose(id, lost);
    };
    const source = scriptedSource({ id, records, before });
    const run = await sync(syncParts(database.store), source);
    expect(run).toMatchObject({ status: 'applied', complete: true });
    expect(summaryOf(run)).toMatchObject({ rows: records.length, pages });
    expect(await states(database.store, id)).toHaveLength(records.length);
    expect(source.given).toBe(at + 1 + pages - lost);
  });

  it('concludes nothing when the last page is one of them', async () => {
    const id = 'lost-last';
    let plans = 0;
    const { directoryRuns } = database.store;
    const endReading: typeof directoryRuns.endReading = async (run, count) => {
      plans += 1;
      if (plans === 1) await lose(id, pages - 1);
      return directoryRuns.endReading(run, count);
    };
    const store = {
      ...database.store,
      transaction: <T>(work: Parameters<typeof database.store.transaction<T>>[0]) =>
        database.store.transaction((tx) =>
          work({ ...tx, directoryRuns: { ...tx.directoryRuns, endReading } }),
        ),
    };
    const run = await sync(syncParts(store), scriptedSource({ id, records }));
    expect(run).toMatchObject({ status: 'applied', complete: true });
    expect(plans).toBe(2);
    expect(await heldRows(database.store, id)).toHaveLength(records.length);
  });
});

describe('a page', () => {
  const page = { checkpoint: 0, digest: '', rows: 0, tally: {}, issues: [], seen: Buffer.alloc(0) };

  it('of a gateway that lost its lease is refused, with its records', async () => {
    const { store } = database;
    await sync(syncParts(store), scriptedSource({ id: 'fenced', records }));
    const [run] = await store.directory.runs(1, 'fenced');
    const lease = { name: 'directory:fenced', fence: -1 };
    const target = { run: run!.id, source: 'fenced', firstLoad: false, lease };
    for (const staged of [[], [stagedRecord(readRecord(person(9)))]])
      await expect(
        store.directoryBulk.commitPage(target, staged, { ...page, seq: pages }),
      ).rejects.toMatchObject({ category: 'conflict' });
    expect(await store.directory.pages(run!.id)).toHaveLength(pages);
    const { rows } = await sql`select from directory_stage where run = ${run!.id}`.execute(store.db);
    expect(rows).toHaveLength(0);
  });
});
