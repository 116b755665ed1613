import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { summaryOf } from '../../src/directory/run-summary.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { dyingStore } from './dying-store.ts';
import { person, place, role, type Said, scriptedSource } from './scripted-source.ts';
import { heldRows, sync, syncParts } from './sync-ground.ts';

/** Every call in test:long; every fourth, in both ways of dying, else. */
const long = process.env['PASSERELLE_LONG'] === '1';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const facts = { practitioner: { remote: 'p1' }, organization: { remote: 'o9' } };
const dayOne = [person(1, { remoteId: 'p1' }), person(2), person(3), place(1), role(1, { facts }), place(3)];
const dayTwo: Said[] = [
  ...[person(1, { name: 'autre', remoteId: 'p1' }), person(2, { state: 'closed' }), place(1)],
  ...[role(1, { facts }), place(9, { remoteId: 'o9' }), role(2, { facts }), place(3)],
];
const forgetLease = () =>
  sql`update lease set until = now() - interval '1 second'`.execute(database.store.db);
const rows = async (id: string) =>
  (await heldRows(database.store, id)).map(({ source: _source, ...row }) => row);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What an undisturbed source holds in the end, and before. */
async function expected(id: string, days: Said[][]): Promise<Record<string, unknown>[]> {
  for (const records of days) await sync(syncParts(database.store), scriptedSource({ id, records }));
  return rows(id);
}

describe('a synchronisation that is killed', () => {
  it.each([
    ['a first load', [], dayOne, false, false],
    ['a first load', [], dayOne, true, false],
    ['a first load read ahead', [], dayOne, true, true],
    ['a next day', [dayOne], dayTwo, false, false],
    ['a next day', [dayOne], dayTwo, true, false],
    ['a next day read ahead', [dayOne], dayTwo, false, true],
  ])(
    'leaves %s undone or done at whatever call it dies, and goes on after its last page (P-8) (%#)',
    async (_name, before, records, after, readsAhead) => {
      const prefix = `kill-${before.length}-${String(after)}-${String(readsAhead)}`;
      const start = await expected(`${prefix}-start`, before);
      const end = await expected(`${prefix}-end`, [...before, records]);
      const pages = Math.ceil(records.length / 2);
      let survived = false;
      for (let n = 1; !survived; n += long ? 1 : 4) {
        const id = `${prefix}-${n}`;
        await expected(id, before);
        const dying = dyingStore(database.store, n, after);
        const first = scriptedSource({ id, records, readsAhead });
        await sync(syncParts(dying.store), first).catch(() => undefined);
        survived = !dying.dead;
        await forgetLease();
        const held = await rows(id);
        expect([start, end]).toContainEqual(held);
        if (same(held, end) && !same(start, end)) continue; // applied: what comes next is another day
        const again = scriptedSource({ id, records, readsAhead });
        const run = await sync(syncParts(database.store), again);
        expect(run.status).toBe('applied');
        expect(await rows(id)).toEqual(end);
        expect(first.given + again.given).toBeLessThanOrEqual(pages + (readsAhead ? 2 : 1));
      }
    },
    600_000,
  );

  it('still sees what vanishes, and does not lose what the killed part had shown', async () => {
    const id = 'vanish';
    const less = dayOne.filter(({ key }) => key !== person(3).key);
    await expected(id, [dayOne]);
    for (const round of [1, 2]) {
      const source = scriptedSource({
        ...{ id, records: less },
        before: (page) => {
          if (page === 2)
            throw new GatewayError({ category: 'unavailable', side: 'directory', message: 'Coupure.' });
        },
      });
      await expect(sync(syncParts(database.store), source)).rejects.toThrow('Coupure.');
      const failed = (await database.store.directory.runs(1, id))[0]!;
      expect(failed).toMatchObject({ status: 'failed', summary: { reason: 'Coupure.' } });
      const rest = scriptedSource({ id, records: less });
      const run = await sync(syncParts(database.store), rest);
      expect(run.id).toBe(failed.id);
      expect(rest.given).toBe(1);
      expect(summaryOf(run).counts).toEqual({
        Practitioner: expect.objectContaining({ missed: round === 1 ? 1 : 0, vanished: round === 1 ? 0 : 1 }),
      });
    }
  });

  it('begins anew after a checkpoint at which it failed twice', async () => {
    const id = 'stuck';
    const stuck = () =>
      scriptedSource({
        ...{ id, records: dayOne },
        before: (page) => {
          if (page === 1)
            throw new GatewayError({ category: 'unavailable', side: 'directory', message: 'Coupure.' });
        },
      });
    for (const given of [1, 0, 1]) {
      const source = stuck();
      await expect(sync(syncParts(database.store), source)).rejects.toThrow('Coupure.');
      expect(source.given).toBe(given);
    }
  });

  it('is one gateway’s only, and another is told to wait', async () => {
    const id = 'two';
    let free: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (free = resolve));
    const slow = sync(
      syncParts(database.store),
      scriptedSource({ id, records: dayOne, before: () => waiting }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(
      sync(syncParts(database.store, { owner: 'other' }), scriptedSource({ id, records: dayOne })),
    ).rejects.toMatchObject({ category: 'conflict', retryable: true });
    free();
    expect((await slow).status).toBe('applied');
  });

  it('writes nothing more once another gateway took its lease', async () => {
    const id = 'fenced';
    const source = scriptedSource({
      ...{ id, records: dayOne },
      before: async (page) => {
        if (page !== 1) return;
        await forgetLease();
        await database.store.leases.acquire(`directory:${id}`, 'other', 60_000);
      },
    });
    await expect(sync(syncParts(database.store), source)).rejects.toMatchObject({ category: 'conflict' });
    const [run] = await database.store.directory.runs(1, id);
    expect(run).toMatchObject({ status: 'reading' });
    expect(await database.store.directory.pages(run!.id)).toHaveLength(1);
  });

  it('goes on when the database ends its connections, and fails and goes on later when it has no room', async () => {
    const id = 'restart';
    let cut = false;
    const ended = scriptedSource({
      ...{ id, records: dayOne },
      before: async (page) => {
        if (page !== 1 || cut) return;
        cut = true;
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`.execute(database.store.db);
      },
    });
    const outlasted = await sync(syncParts(database.store), ended);
    expect(outlasted.status).toBe('applied');
    await sql`
      create function full_disk() returns trigger language plpgsql as
      $$ begin if new.run = (select max(id) from directory_run where source = 'full') and new.seq = 1 then
        raise exception 'no room' using errcode = '53100'; end if; return new; end $$`.execute(
      database.store.db,
    );
    await sql`create trigger full_disk before insert on directory_page for each row execute function full_disk()`.execute(
      database.store.db,
    );
    const full = scriptedSource({ id: 'full', records: dayOne });
    await expect(sync(syncParts(database.store), full)).rejects.toMatchObject({
      ...{ category: 'unavailable', side: 'gateway', message: 'Le disque de la base de données est plein.' },
    });
    const [run] = await database.store.directory.runs(1, 'full');
    expect(run).toMatchObject({ status: 'failed' });
    await sql`drop trigger full_disk on directory_page`.execute(database.store.db);
    const rest = scriptedSource({ id: 'full', records: dayOne });
    expect((await sync(syncParts(database.store), rest)).status).toBe('applied');
    expect(rest.given).toBeLessThanOrEqual(3);
    for (const one of [id, 'full']) expect(await rows(one)).toEqual(await rows('kill-0-false-false-end'));
  });
});
