import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { hold } from '../directory/held.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await hold(database.store, 'finess', 1, [
    {
      kind: 'Organization',
      key: 'F990780017',
      name: 'CH DE LA DUNE',
      commune: '83009',
      identifiers: ['N99999001300012'],
    },
    { kind: 'Organization', key: 'F990780025', name: 'Clinique 100% du Cap', commune: '83137' },
  ]);
  await hold(database.store, 'annuaire', 0, [
    {
      kind: 'Organization',
      key: 'S1990780017',
      name: 'CH Dune',
      identifiers: ['F990780017'],
      state: 'vanished',
    },
    { kind: 'Practitioner', key: 'P810999900003', name: 'Anne FICTIVE-ALBA', identifiers: ['R10999900003'] },
    {
      kind: 'PractitionerRole',
      key: 'R1',
      practitioner: 'P810999900003',
      organization: 'S1990780017',
      commune: '83009',
    },
    { kind: 'PractitionerRole', key: 'R2', practitioner: 'P810999900003', succeeds: 'R1', state: 'closed' },
  ]);
});
afterAll(async () => database.close());

const keysOf = (rows: readonly { key: string }[]): string[] => rows.map(({ key }) => key);

describe('the held directory searched', () => {
  it('finds rows by their key and by their other identifiers, in the order of the sources', async () => {
    const { directorySearch } = database.store;
    expect(keysOf(await directorySearch.byIdentity(['Organization'], ['F990780017']))).toEqual([
      'S1990780017',
      'F990780017',
    ]);
    expect(keysOf(await directorySearch.byIdentity(['Organization'], ['N99999001300012']))).toEqual([
      'F990780017',
    ]);
    expect(await directorySearch.byIdentity(['Practitioner'], ['F990780017'])).toEqual([]);
    expect(await directorySearch.byIdentity(['Organization'], [])).toEqual([]);
  });

  it('finds what is in communes, the roles along their links, and what succeeds a record (P-2)', async () => {
    const { directorySearch } = database.store;
    expect(keysOf(await directorySearch.inCommunes('Organization', ['83009', '83137'], 10))).toEqual([
      'F990780017',
      'F990780025',
    ]);
    expect(keysOf(await directorySearch.roles('practitioner', ['P810999900003']))).toEqual(['R1', 'R2']);
    expect(keysOf(await directorySearch.roles('organization', ['S1990780017']))).toEqual(['R1']);
    expect(keysOf(await directorySearch.successors(['PractitionerRole'], ['R1']))).toEqual(['R2']);
  });

  it('finds names by all their words, and takes signs of a pattern as they are', async () => {
    const { directorySearch } = database.store;
    const find = async (words: string[], commune?: string) =>
      keysOf(
        await directorySearch.byName({
          words,
          kinds: ['Organization', 'Practitioner'],
          limit: 10,
          ...(commune ? { commune } : {}),
        }),
      );
    expect(await find(['dune', 'ch'])).toEqual(['S1990780017', 'F990780017']);
    expect(await find(['dune'], '83009')).toEqual(['F990780017']);
    expect(await find(['100%'])).toEqual(['F990780025']);
    expect(await find(['1_0'])).toEqual([]);
  });
});

describe('decisions about matches', () => {
  const pair = { networkId: 'n', item: 'x|1', kind: 'Organization', key: 'F990780017' };
  const decision = { ...pair, ruleVersion: '1', actor: 'essai', reasons: ['même nom'] };

  it('stand until another takes their place or they are undone, and none is forgotten (P-43)', async () => {
    const { directoryMatch } = database.store;
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, minute));
    await directoryMatch.decide('a', { ...decision, decision: 'accepted', decidedAt: at(1) });
    await directoryMatch.decide('a', { ...decision, decision: 'refused', decidedAt: at(2) });
    expect(await directoryMatch.list('a')).toMatchObject([{ decision: 'refused', reasons: ['même nom'] }]);
    expect(await directoryMatch.undo('a', pair, at(3))).toBe(true);
    expect(await directoryMatch.undo('a', pair, at(4))).toBe(false);
    expect(await directoryMatch.list('a')).toEqual([]);
    expect(await directoryMatch.list('a', { networkId: 'n', undone: true })).toMatchObject([
      { decision: 'accepted', undoneAt: at(2) },
      { decision: 'refused', undoneAt: at(3) },
    ]);
    expect(await directoryMatch.list('b', { undone: true })).toEqual([]);
  });
});
