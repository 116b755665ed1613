import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Seen, seenOf } from '../../src/directory/seen.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { person, place, type Said, scriptedSource } from './scripted-source.ts';
import { sync, syncParts } from './sync-ground.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));

/** Reads these records on that day. */
async function reads(number: number, records: Said[], more: { complete?: boolean; delta?: Said[] } = {}) {
  const source = scriptedSource({ records, asOf: day(number), ...more });
  await sync(syncParts(database.store), source, more.delta ? {} : { full: true });
}

async function seen(key: string): Promise<Seen> {
  const { directory, directorySearch } = database.store;
  const [kind, short] = key.split(' ') as [string, string];
  const [row] = await directory.records(kind, short);
  const changes = await directorySearch.changes([short]);
  const dated = [row!.created_run, ...changes.map(({ run }) => run)];
  return seenOf(row!, await directorySearch.readings([row!.source], dated), changes);
}

describe('when a record was seen', () => {
  it('is told from the runs of its source, without a write for what did not change', async () => {
    const [one, two, three] = [person(1), person(2), place(1)];
    await reads(1, [one, two, three]);
    await reads(2, [one, two, three]);
    expect(await seen('Practitioner P810900000001')).toEqual({ first: day(1), last: day(2) });
    await reads(3, [one, three], { complete: false }); // proves nothing of what it did not show
    expect(await seen('Practitioner P810900000002')).toEqual({ first: day(1), last: day(2) });
    await reads(4, [one, { ...three, state: 'closed' }]);
    expect(await seen('Practitioner P810900000001')).toEqual({ first: day(1), last: day(4) });
    expect(await seen('Practitioner P810900000002')).toEqual({ first: day(1), last: day(2) });
    expect(await seen('Organization F990000001')).toEqual({ first: day(1), last: day(4) });
    await reads(5, [one, person(7)]);
    expect(await seen('Practitioner P810900000002')).toEqual({ first: day(1), last: day(2) }); // vanished
    expect(await seen('Organization F990000001')).toEqual({ first: day(1), last: day(4) });
    expect(await seen('Practitioner P810900000007')).toEqual({ first: day(5), last: day(5) });
    await reads(6, [one, two, person(7)]);
    expect(await seen('Practitioner P810900000002')).toEqual({ first: day(1), last: day(6) });
  });
});
