import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systems } from '../../src/fhir/identifiers.ts';
import { hold } from '../directory/held.ts';
import { type DirectoryWorld, finessRows, known, openDirectoryWorld, peopleRows } from './directory-world.ts';

let world: DirectoryWorld;
beforeAll(async () => {
  world = await openDirectoryWorld();
}, 120_000);
afterAll(async () => world.close());

const match = (network?: string) => world.gateway.operations.directoryMatch(network ? { network } : {});
const findings = async () => (await match()).findings.map(({ kind, key }) => [kind, key.split('|')[1]]);
const stored = async (state: string) =>
  (await world.store.findings.list('essai', { state })).map(({ kind, key }) => [kind, key.split('|')[1]]);

const [papa, romeo, sierra] = ['10999900102', '10999900110', '10999900128'];

describe('the example networks matched to a directory', () => {
  it('refuses while nobody synchronised a directory', async () => {
    await expect(match()).rejects.toMatchObject({ category: 'not-found' });
  });

  it('knows every structure and person that has an identifier, and finds nothing wrong', async () => {
    await hold(world.store, 'finess', 0, finessRows());
    await hold(world.store, 'annuaire', 1, peopleRows());
    const { matches, findings: found } = await match();
    const matched = new Set(
      matches.filter(({ status }) => status === 'matched').map(({ item }) => item.split('|')[1]),
    );
    for (const { finess, finessKind } of known.structures)
      if (finess && (finessKind === 'geographic' || matched.has(finess)))
        expect([...matched]).toContain(finess);
    for (const { rpps } of known.people) expect([...matched]).toContain(rpps);
    expect(found.filter(({ kind }) => kind !== 'other-name' && kind !== 'unknown-identifier')).toEqual([]);
    for (const one of matches.filter(({ status }) => status === 'matched')) expect(one.by).toBeDefined();
  }, 60_000);

  it('tells what closed, moved, vanished, is unknown or double, each once, until it is over (P-3, P-10)', async () => {
    const rows = finessRows((row, finess) => {
      if (finess === '990780033') return { ...row, state: 'closed' };
      if (finess === '990780231') return { ...row, commune: '83137' };
      return finess === '990780116' ? { ...row, key: 'F990000036', state: 'active' } : row;
    });
    await world.store.db.deleteFrom('directory_record').where('key', '=', 'F990780116').execute();
    await hold(world.store, 'finess', 0, rows, 2);
    const people = peopleRows((row, rpps) => {
      if (rpps === papa) return { ...row, state: 'closed' };
      if (rpps === romeo) return { ...row, state: 'vanished' };
      return rpps === sierra ? { ...row, name: 'Autre Personne' } : row;
    });
    await hold(world.store, 'annuaire', 1, people, 2);
    await hold(
      world.store,
      'annuaire',
      1,
      [
        {
          kind: 'Practitioner',
          key: 'P899999999998',
          identifiers: ['R10999900003'],
          name: 'Anne FICTIVE-ALBA',
        },
        {
          kind: 'Practitioner',
          key: 'P899999999999',
          identifiers: ['R10999900003'],
          name: 'Anne FICTIVE-ALBA',
        },
      ],
      2,
    );
    await world.store.db.deleteFrom('directory_record').where('key', '=', 'P810999900003').execute();
    const found = await findings();
    expect(found).toEqual(
      expect.arrayContaining([
        ['closed', '990780033'],
        ['moved', '990780231'],
        ['unknown-identifier', '990780116'],
        ['closed', papa],
        ['vanished', romeo],
        ['other-name', sierra],
        ['duplicate', '10999900003'],
      ]),
    );
    expect(await stored('open')).toEqual(expect.arrayContaining(found));
    const [closed] = (await world.store.findings.list('essai', { state: 'open' })).filter(
      ({ kind, type }) => kind === 'closed' && type === 'Organization',
    );
    expect(closed).toMatchObject({
      serverId: 'annuaire',
      severity: 'error',
      detail: {
        ...{ theme: { code: '04' }, action: { code: 'COR' }, expression: 'Organization.active' },
        networks: [{ network: 'coreso-le-vinatier', place: expect.stringMatching(/\.yaml:\d+$/) }],
      },
    });

    await hold(world.store, 'finess', 0, finessRows(), 3);
    await hold(world.store, 'annuaire', 1, peopleRows(), 3);
    await world.store.db.deleteFrom('directory_record').where('key', 'like', 'P89999999999%').execute();
    await match();
    expect(await stored('gone')).toEqual(
      expect.arrayContaining([
        ['closed', '990780033'],
        ['duplicate', '10999900003'],
      ]),
    );
  }, 60_000);

  it('tells that the directory knows no role of a person at the declared structure', async () => {
    await world.store.db
      .updateTable('directory_record')
      .set({ organization: 'F990780017' })
      .where('key', '=', `${systems.rpps}|role-${papa}`)
      .execute();
    expect(await findings()).toContainEqual(['role-missing', papa]);
  }, 60_000);

  it('a person’s decision stands through runs, is followed to a record created again, and can be undone (P-2, P-43)', async () => {
    const { operations } = world.gateway;
    const network = 'msp-les-tilleuls';
    const rename = {
      kind: 'Organization',
      commune: '83009',
      name: 'MAISON DE SANTE DES TILLEULS SITE DU PORT',
    };
    await world.store.db.deleteFrom('directory_record').where('key', '=', 'F990780249').execute();
    await hold(world.store, 'finess', 0, [{ ...rename, key: 'F990780108' }], 4);
    const port = async () => (await match(network)).matches.find(({ item }) => item.endsWith('990780249'))!;
    const proposed = await port();
    expect(proposed).toMatchObject({ status: 'proposed', proposals: [{ key: 'F990780108' }] });
    expect(proposed.proposals[0]!.score).toBeLessThan(100);

    await expect(
      operations.directoryDecide({ decision: 'accept', n: proposed.n, key: 'F990780017', network }),
    ).rejects.toMatchObject({ category: 'not-found' });
    await operations.directoryDecide({ decision: 'accept', n: proposed.n, key: 'F990780108', network });
    expect(await port()).toMatchObject({ status: 'accepted', key: 'F990780108', proposals: [] });
    await hold(
      world.store,
      'finess',
      0,
      [
        { ...rename, key: 'F990780108', state: 'closed' },
        { ...rename, key: 'F990780157', succeeds: 'F990780108' },
      ],
      5,
    );
    expect(await port()).toMatchObject({ status: 'accepted', key: 'F990780157' });
    expect(await world.store.directoryMatch.list('essai')).toMatchObject([
      { ruleVersion: '2026-11', actor: 'operator' },
    ]);

    await operations.directoryDecide({ decision: 'undo', n: proposed.n, key: 'F990780108', network });
    expect((await port()).status).not.toBe('accepted');
    await operations.directoryDecide({ decision: 'refuse', n: proposed.n, key: 'F990780157', network });
    expect((await port()).proposals.map(({ key }) => key)).not.toContain('F990780157');
  }, 60_000);

  it('finds and shows records by number and by name, in one commune or anywhere', async () => {
    const { operations } = world.gateway;
    const keys = async (text: string, commune?: string) =>
      (await operations.directoryFind({ text, ...(commune ? { commune } : {}) })).map(({ key }) => key);
    expect(await keys('990780033')).toEqual(['F990780033']);
    expect(await keys('8 10999900003')).toEqual(['P810999900003']);
    expect(await keys('vinatier')).toEqual(['F990780033']);
    expect(await keys('tilleuls centre', 'Bandol')).toEqual(['F990780231']);
    await expect(operations.directoryFind({ text: 'x', commune: 'Nulle-Part' })).rejects.toMatchObject({
      category: 'not-found',
    });
    const shown = await operations.directoryShow({ key: papa });
    expect(shown).toMatchObject({
      records: [
        {
          key: `P8${papa}`,
          source: 'annuaire',
          resource: { resourceType: 'Practitioner', name: [{ family: 'FICTIVE-PAPA' }] },
        },
      ],
      roles: [{ kind: 'PractitionerRole' }],
    });
    await expect(operations.directoryShow({ key: '999999999' })).rejects.toMatchObject({
      category: 'not-found',
    });
  }, 60_000);
});
