import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { summaryOf } from '../../src/directory/run-summary.ts';
import type { NamedRecord } from '../../src/directory/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { finessSystem, person, place, role, scriptedSource } from './scripted-source.ts';
import { heldRows, states, sync, syncParts } from './sync-ground.ts';

let database: TestDatabase;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
});
afterAll(() => Promise.all(databases.map((one) => one.close())));

const three = [person(1), person(2), place(1)];
const counts = (run: { summary: unknown }) => (run.summary as { counts: Record<string, object> }).counts;

describe('synchronising a source', () => {
  it('holds what a first load shows, and nothing changes when it shows the same again in another order', async () => {
    const parts = syncParts(database.store);
    const run = await sync(parts, scriptedSource({ records: three }));
    expect(run).toMatchObject({ status: 'applied', mode: 'full', complete: true });
    expect(await states(database.store)).toEqual([
      'F990000001 active',
      'P810900000001 active',
      'P810900000002 active',
    ]);
    const written = () =>
      sql`select xmin::text, ctid::text from directory_record order by kind, key`.execute(database.store.db);
    const before = (await written()).rows;
    const again = await sync(parts, scriptedSource({ records: [...three].reverse() }));
    expect(counts(again)).toEqual({});
    expect((await written()).rows).toEqual(before);
  });

  it('tells created, changed, closed and reopened apart, and keeps each row as it was', async () => {
    const parts = syncParts(database.store);
    await sync(parts, scriptedSource({ records: three }));
    const run = await sync(
      parts,
      scriptedSource({
        records: [person(1, { name: 'autre' }), person(2, { state: 'closed' }), place(1), place(2)],
      }),
    );
    expect(counts(run)).toMatchObject({
      Practitioner: { changed: 1, closed: 1, created: 0 },
      Organization: { created: 1 },
    });
    const history = await database.store.directory.changes(run.id, 10);
    expect(history.map(({ op, before }) => [op, before.state])).toEqual([
      ['changed', 'active'],
      ['closed', 'active'],
    ]);
    const back = await sync(
      parts,
      scriptedSource({ records: [person(1, { name: 'autre' }), person(2), place(1), place(2)] }),
    );
    expect(counts(back)).toMatchObject({ Practitioner: { reopened: 1 } });
  });

  it('lets a record vanish only when two complete full runs in a row did not show it (P-10)', async () => {
    const parts = syncParts(database.store);
    await sync(parts, scriptedSource({ records: three }));
    const without = scriptedSource({ records: [person(1), place(1)] });
    const cut = scriptedSource({ records: [person(1), place(1)], complete: false });
    const missing = () =>
      states(database.store).then((all) => all.filter((one) => one.startsWith('P810900000002')));
    expect(counts(await sync(parts, cut))).toEqual({});
    expect(counts(await sync(parts, without))).toMatchObject({ Practitioner: { missed: 1 } });
    expect(await missing()).toEqual(['P810900000002 active']);
    await sync(parts, scriptedSource({ records: three })); // there again: counting begins anew
    expect(counts(await sync(parts, without))).toMatchObject({ Practitioner: { missed: 1 } });
    expect(counts(await sync(parts, cut))).toEqual({});
    expect(counts(await sync(parts, without))).toMatchObject({ Practitioner: { vanished: 1 } });
    expect(await missing()).toEqual(['P810900000002 vanished']);
    expect(counts(await sync(parts, without))).toEqual({});
    expect(counts(await sync(parts, scriptedSource({ records: three })))).toMatchObject({
      Practitioner: { reopened: 1 },
    });
  });

  it('does not miss what a complete reading showed and could not read, by key or by the source’s own id (P-10)', async () => {
    const parts = syncParts(database.store);
    const works = (who: number) => ({ facts: { practitioner: { key: person(who).key } } });
    const held = [person(1), person(2, { remoteId: 'b' }), place(1, { remoteId: 'c' }), place(2)];
    await sync(parts, scriptedSource({ records: [...held, role(1, works(1)), role(2, works(2))] }));
    const unread: NamedRecord[] = [
      { kind: 'Practitioner', key: person(1).key },
      { kind: 'Organization', remote: 'c' },
      { kind: 'Organization', remote: 'nobody' },
      { kind: 'Practitioner', key: person(9).key },
    ];
    const now = scriptedSource({ records: [place(3)], unread });
    await sync(parts, now);
    const last = await sync(parts, now);
    expect(counts(last)).toEqual({
      Practitioner: expect.objectContaining({ vanished: 1 }),
      PractitionerRole: expect.objectContaining({ vanished: 1 }),
      Organization: expect.objectContaining({ vanished: 1 }),
    });
    expect(await states(database.store)).toEqual([
      ...['F990000001 active', 'F990000002 vanished', 'F990000003 active'],
      ...['P810900000001 active', 'P810900000002 vanished', 'R10900000001 active', 'R10900000002 vanished'],
    ]);
  });

  it('goes on after a kill with what could not be read before it', async () => {
    const parts = syncParts(database.store);
    await sync(parts, scriptedSource({ records: [person(1), person(2), place(1)] }));
    for (const records of [
      [place(2), place(3)],
      [place(2), place(4)],
    ]) {
      let killed = false;
      const before = (page: number): void => {
        if (page === 1 && !killed) {
          killed = true;
          throw new Error('killed');
        }
      };
      const unread: NamedRecord[] = [{ kind: 'Practitioner', key: person(1).key }];
      const source = scriptedSource({ records, unread, before, pageSize: 1 });
      await expect(sync(parts, source)).rejects.toThrow('killed');
      await sync(parts, source);
      expect(source.given).toBe(2);
    }
    expect(await states(database.store)).toEqual(
      expect.arrayContaining(['P810900000001 active', 'P810900000002 vanished']),
    );
  });

  it('does not miss records of a type that complete readings do not ask for any more: an upgrade may hide it', async () => {
    const parts = syncParts(database.store);
    await sync(parts, scriptedSource({ records: three }));
    const hidden = scriptedSource({ records: [person(1)], kinds: ['Practitioner'] });
    const expected = { Practitioner: expect.objectContaining({ missed: 1 }) };
    expect(counts(await sync(parts, hidden))).toEqual(expected);
    await sync(parts, hidden);
    expect(await states(database.store)).toEqual([
      ...['F990000001 active', 'P810900000001 active', 'P810900000002 vanished'],
    ]);
  });

  it('never lets anything vanish by a delta, and applies explicit deletes of both forms (MCSD-12)', async () => {
    const parts = syncParts(database.store);
    const records = [
      person(1, { remoteId: 'a' }),
      person(2, { remoteId: 'b' }),
      place(1, { remoteId: 'c' }),
      place(2),
    ];
    await sync(parts, scriptedSource({ records, delta: [] }));
    const run = await sync(
      parts,
      scriptedSource({ records, delta: [person(1, { name: 'x', remoteId: 'a' })] }),
    );
    expect(run.mode).toBe('delta');
    expect(counts(run)).toEqual({
      Practitioner: expect.objectContaining({ changed: 1, missed: 0, vanished: 0 }),
    });
    await sync(
      parts,
      scriptedSource({
        ...{ records, delta: [] },
        removed: [
          { kind: 'Practitioner', remote: 'b' },
          { kind: 'Organization', key: `${finessSystem}|990000001` },
          { kind: 'Organization', remote: 'unknown' },
        ],
      }),
    );
    expect(await states(database.store)).toEqual([
      ...['F990000001 closed', 'F990000002 active', 'P810900000001 active', 'P810900000002 closed'],
    ]);
    // shown again as it was: in use again
    await sync(parts, scriptedSource({ records, delta: [person(2, { remoteId: 'b' })] }));
    expect(await states(database.store)).toContain('P810900000002 active');
  });

  it('leaves a key with two contents as it is held, in whatever order they come (P-3)', async () => {
    const parts = syncParts(database.store);
    await sync(parts, scriptedSource({ records: three }));
    const before = await heldRows(database.store);
    const twins = [place(1, { name: 'pharmacie A' }), place(1, { name: 'pharmacie B' })];
    for (const order of [twins, [...twins].reverse(), [place(1), twins[0]!], [twins[0]!, place(1)]]) {
      const run = await sync(parts, scriptedSource({ records: [person(1), person(2), ...order] }));
      expect(counts(run)).toEqual({
        Organization: expect.objectContaining({ ambiguous: 1, changed: 0, missed: 0 }),
      });
      expect(summaryOf(run).ambiguous).toEqual([`Organization ${finessSystem}|990000001`]);
      expect(await heldRows(database.store)).toEqual(before);
    }
  });

  it('holds neither of two contents of one key in a first load, and everything else', async () => {
    const twins = [place(1, { name: 'A' }), place(1, { name: 'B' }), place(2), place(2)];
    const run = await sync(syncParts(database.store), scriptedSource({ records: [...twins, person(1)] }));
    expect(counts(run)).toMatchObject({ Organization: { created: 1, ambiguous: 1 } });
    expect(await states(database.store)).toEqual(['F990000002 active', 'P810900000001 active']);
  });

  it('takes the newest version of one id, whichever comes first, and the record in use of two ids (P-13, P-1)', async () => {
    const parts = syncParts(database.store);
    const versions = [
      person(1, { name: 'neuf', remoteId: 'a', remoteVersion: '10' }),
      person(1, { name: 'vieux', remoteId: 'a', remoteVersion: '9' }),
      place(1, { name: 'tenu', remoteId: 'new' }),
      place(1, { state: 'closed', remoteId: 'old' }),
    ];
    await sync(parts, scriptedSource({ records: three }));
    for (const records of [versions, [...versions].reverse()]) {
      await sync(parts, scriptedSource({ records: [...records, person(2)] }));
      const names = (await heldRows(database.store)).map(
        ({ name, state }) => `${String(name)} ${String(state)}`,
      );
      expect(names.slice(0, 2)).toEqual(['tenu active', 'neuf active']);
    }
  });

  it('leaves a record as it is held when an older version of it comes, as from a replica that lags (P-13)', async () => {
    const parts = syncParts(database.store);
    const at = (name: string, remoteVersion: string) => {
      const records = [person(1, { name, remoteId: 'a', remoteVersion })];
      return scriptedSource({ records, delta: records });
    };
    await sync(parts, at('neuf', '10'));
    expect(counts(await sync(parts, at('vieux', '9')))).toEqual({});
    expect(await heldRows(database.store)).toMatchObject([{ name: 'neuf' }]);
    expect(counts(await sync(parts, at('plus neuf', '11')))).toMatchObject({ Practitioner: { changed: 1 } });
    // a full reading is believed: the server may count from one again
    const full = await sync(parts, at('recompté', '1'), { full: true });
    expect(counts(full)).toMatchObject({ Practitioner: { changed: 1 } });
  });

  it('holds back a night that brings half as many again, and applies it when a person says so', async () => {
    const parts = syncParts(database.store, { brake: { share: 0.05, freely: 2 } });
    const people = (count: number, complete = true) =>
      scriptedSource({ records: Array.from({ length: count }, (_, n) => person(n)), complete });
    await sync(parts, people(4, false));
    // an incomplete reading is no measure of what there is
    expect(await sync(parts, people(10))).toMatchObject({ status: 'applied' });
    expect(await sync(parts, people(13))).toMatchObject({ status: 'applied' });
    const doubled = await sync(parts, people(20));
    expect(doubled.status).toBe('braked');
    expect(summaryOf(doubled).issues).toMatchObject([
      {
        rule: 'brake:growth',
        message: expect.stringContaining('7 fiches Practitioner nouvelles ou rouvertes pour 13'),
      },
    ]);
    expect(await states(database.store)).toHaveLength(13);
    await sync(parts, people(20), { confirm: true });
    expect(await states(database.store)).toHaveLength(20);
  });

  it('changes nothing but the id of a record whose id was made anew (P-1)', async () => {
    const parts = syncParts(database.store);
    const source = (remoteId: string) =>
      scriptedSource({ records: [person(1, { remoteId })], derived: ['Practitioner'] });
    await sync(parts, source('a'));
    const [before] = await heldRows(database.store);
    const run = await sync(parts, source('b'));
    expect(counts(run)).toEqual({
      Practitioner: expect.objectContaining({ moved: 1, changed: 0, created: 0 }),
    });
    expect(await heldRows(database.store)).toEqual([{ ...before, remote_id: 'b' }]);
  });

  it('keeps a stub for what is referred to and never shown, and puts the record in its place later (P-4)', async () => {
    const parts = syncParts(database.store);
    const link = { practitioner: { remote: 'p1' }, organization: { remote: 'o1' } };
    const delta = [place(1, { remoteId: 'o1' })];
    const records = [person(1, { remoteId: 'p1' }), role(1, { facts: link })];
    await sync(parts, scriptedSource({ records, delta }));
    const roleRow = async () =>
      (await heldRows(database.store)).find(({ kind }) => kind === 'PractitionerRole');
    expect(await states(database.store)).toContain('Uo1 stub');
    expect(await roleRow()).toMatchObject({ practitioner: 'P810900000001', organization: 'Uo1' });
    await sync(parts, scriptedSource({ records, delta: [role(2, { facts: link })] }));
    expect((await states(database.store)).filter((one) => one.endsWith('stub'))).toEqual(['Uo1 stub']);
    await sync(parts, scriptedSource({ records, delta }));
    expect(await roleRow()).toMatchObject({ practitioner: 'P810900000001', organization: 'F990000001' });
    expect((await states(database.store)).filter((one) => one.endsWith('stub'))).toEqual([]);
  });

  it('says which role succeeds one that ends, of the same person at the same place only (P-2)', async () => {
    const parts = syncParts(database.store);
    const at = (who: number, where: number) => ({
      practitioner: { key: person(who).key },
      organization: { key: place(where).key },
      profession: '10',
    });
    const people = [person(1), person(2), place(1), place(2)];
    await sync(
      parts,
      scriptedSource({ records: [...people, role(1, { facts: at(1, 1) }), role(2, { facts: at(2, 1) })] }),
    );
    const closed = [
      role(1, { state: 'closed', facts: at(1, 1) }),
      role(2, { state: 'closed', facts: at(2, 1) }),
    ];
    await sync(
      parts,
      scriptedSource({
        records: [...people, ...closed, role(3, { facts: at(1, 1) }), role(4, { facts: at(2, 2) })],
      }),
    );
    const succeeds = async () =>
      (await heldRows(database.store)).flatMap(({ key, succeeds: old }) =>
        old ? [`${String(key)} > ${old as string}`] : [],
      );
    expect(await succeeds()).toEqual(['R10900000003 > R10900000001']);
  });

  it('finds the successor of a role that vanishes after the other had begun (P-2)', async () => {
    const parts = syncParts(database.store);
    const facts = { practitioner: { key: person(1).key }, organization: { key: place(1).key } };
    await sync(parts, scriptedSource({ records: [person(1), place(1), role(1, { facts })] }));
    const now = scriptedSource({ records: [person(1), place(1), role(2, { facts })] });
    await sync(parts, now);
    await sync(parts, now);
    const rows = await heldRows(database.store);
    expect(rows.filter(({ kind }) => kind === 'PractitionerRole')).toMatchObject([
      { key: 'R10900000001', state: 'vanished' },
      { key: 'R10900000002', state: 'active', succeeds: 'R10900000001' },
    ]);
  });

  it('lets what only roles tell of vanish with the last of them', async () => {
    const parts = syncParts(database.store);
    const facts = { practitioner: { key: person(1).key }, organization: { key: place(1).key } };
    const derived = ['Practitioner', 'Organization'] as const;
    const legal = place(9);
    const site = place(1, { facts: { partOf: { key: legal.key } } });
    const all = [
      person(1),
      site,
      legal,
      role(1, { facts }),
      role(2, { facts: { practitioner: facts.practitioner } }),
    ];
    const source = (records: typeof all) => scriptedSource({ records, derived: [...derived] });
    await sync(parts, source(all));
    const rest = [person(1), all[4]!];
    await sync(parts, source(rest));
    await sync(parts, source(rest));
    expect(await states(database.store)).toEqual([
      ...['F990000001 vanished', 'F990000009 vanished', 'P810900000001 active'],
      ...['R10900000001 vanished', 'R10900000002 active'],
    ]);
    await sync(parts, source(all));
    expect((await states(database.store)).every((one) => one.endsWith('active'))).toBe(true);
  });
});
