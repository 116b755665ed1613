import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planSyncRollback, rollbackSync } from '../../src/directory/rollback.ts';
import type { DirectoryRun } from '../../src/store/directory.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { person, place, role, type Said, scriptedSource } from './scripted-source.ts';
import { heldRows, sync, syncParts } from './sync-ground.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

let source = 0;
let id = '';
beforeEach(() => {
  id = `source-${(source += 1)}`;
});

const signal = new AbortController().signal;
const back = (run: number, confirm = true): Promise<DirectoryRun> =>
  rollbackSync(syncParts(database.store), { run, confirm, actor: 'test', signal });
const day = (records: Said[], rest: object = {}): Promise<DirectoryRun> =>
  sync(syncParts(database.store), scriptedSource({ id, records, pageSize: 10, ...rest }));
const active = async () => (await heldRows(database.store, id)).filter(({ state }) => state !== 'closed');

describe('roll back of a synchronisation', () => {
  it('says again what was said, reopens what was closed, closes what was created, and can be undone itself', async () => {
    const first = await day([person(1), person(2), place(1)]);
    const then = await heldRows(database.store, id);
    await day([person(1, { name: 'autre' }), person(2, { state: 'closed' }), place(1), place(2)]);
    const last = (await database.store.directory.runs(1, id))[0]!;
    const now = await heldRows(database.store, id);
    const { summary, records } = await planSyncRollback(syncParts(database.store), first.id, 10);
    expect(summary.counts).toMatchObject({
      Practitioner: { changed: 1, reopened: 1 },
      Organization: { closed: 1 },
    });
    expect(records.map(({ op }) => op)).toEqual(['closed', 'changed', 'reopened']);
    await back(first.id);
    expect(await active()).toEqual(then);
    expect((await database.store.directory.run(last.id))?.status).toBe('undone');
    await back(last.id);
    expect(await heldRows(database.store, id)).toEqual(now);
  });

  it('begins the next delta where it began then, and the next reading sees what was undone as new again', async () => {
    const first = await day([person(1)], { delta: [person(1, { name: 'x' })], asOf: new Date('2026-11-01') });
    await day([], { delta: [person(1, { name: 'x' }), person(2)], asOf: new Date('2026-11-02') });
    await back(first.id);
    const [state] = (await database.store.directory.sources()).filter((one) => one.id === id);
    expect(state).toMatchObject({
      cursor: { since: 1 },
      asOf: new Date('2026-11-01'),
      lastFullRun: first.id,
    });
    await day([], { delta: [person(1, { name: 'x' }), person(2)] });
    expect((await active()).map(({ name }) => name)).toEqual(['x', person(2).key]);
  });

  it('refuses a run that applied nothing, a state that is there already, and a large change without confirmation', async () => {
    const first = await day([person(1)]);
    await expect(back(first.id)).rejects.toThrow('Rien à défaire');
    await expect(back(999_999)).rejects.toThrow('inconnu');
    const many = Array.from({ length: 5 }, (_, index) => person(index + 1, { name: `nom ${index}` }));
    await day(many);
    const strict = syncParts(database.store, { brake: { share: 0.05, freely: 2 } });
    const ask = { run: first.id, actor: 'test', signal };
    await expect(rollbackSync(strict, ask)).rejects.toMatchObject({ category: 'unprocessable' });
    expect(await active()).toHaveLength(5);
    expect((await rollbackSync(strict, { ...ask, confirm: true })).status).toBe('applied');
  });

  it('returns to any earlier run after any sequence of days and roll backs (property)', async () => {
    const said = fc.record({
      who: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom(person, place, role),
      name: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom('active' as const, 'active' as const, 'closed' as const),
      to: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    });
    const world = fc.uniqueArray(said, { maxLength: 6, selector: ({ who, kind }) => `${kind.name} ${who}` });
    const step = fc.oneof({ weight: 3, arbitrary: world }, { weight: 1, arbitrary: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
        id = `source-${(source += 1)}`;
        const after = new Map<number, Record<string, unknown>[]>();
        for (const one of steps) {
          const runs = [...after.keys()];
          if (typeof one === 'number') {
            if (runs.length === 0) continue;
            const target = runs[one % runs.length]!;
            const run = await back(target).catch((error: Error) => {
              expect(error.message).toContain('Rien à défaire');
            });
            expect(await active()).toEqual(after.get(target));
            if (run) after.set(run.id, await active());
            continue;
          }
          const records = one.map(({ who, kind, name, state, to }) =>
            kind(who, {
              ...{ name, state, remoteId: `${kind.name}-${who}` },
              ...(kind === role && to ? { facts: { organization: { remote: `place-${to}` } } } : {}),
            }),
          );
          const run = await day(records);
          expect(run.status).toBe('applied');
          after.set(run.id, await active());
        }
      }),
      { numRuns: 12 },
    );
  });
});
