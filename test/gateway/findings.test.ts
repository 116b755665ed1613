import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hold } from '../directory/held.ts';
import {
  type DirectoryWorld,
  finessRows,
  holdEverybody,
  openDirectoryWorld,
  peopleRows,
} from './directory-world.ts';

const tenant = 'essai';
const finess = '990780033';
const papa = '10999900102';

let world: DirectoryWorld;
beforeAll(async () => {
  world = await openDirectoryWorld();
  await holdEverybody(world);
}, 120_000);
afterAll(() => world.close());

const match = () => world.gateway.operations.directoryMatch({});
const findings = (state?: string) =>
  world.gateway.operations.directoryFindings(state === undefined ? {} : { state });
const tolerate = (args: Parameters<typeof world.gateway.operations.directoryTolerate>[0]) =>
  world.gateway.operations.directoryTolerate(args);
const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);

describe('findings between networks and the directory', () => {
  it('are kept by the match of all networks, and listed with theme, action, place and dates', async () => {
    await hold(
      ...([world.store, 'finess', 0] as const),
      finessRows((row, id) => (id === finess ? { ...row, state: 'closed' } : row)),
    );
    await match();
    const [closed] = (await findings()).filter(({ kind }) => kind === 'closed');
    expect(closed).toMatchObject({
      ...{
        key: `https://finess.esante.gouv.fr|${finess}`,
        state: 'open',
        severity: 'error',
        theme: '04',
        action: 'COR',
      },
      networks: [{ network: 'coreso-le-vinatier', place: expect.stringMatching(/\.yaml:\d+$/) }],
      firstSeen: expect.any(String),
    });
  }, 60_000);

  it('are let stand with a reason until a day, flagged in each match, and come back when it is undone or over', async () => {
    await expect(tolerate({ key: finess, until: inAYear })).rejects.toMatchObject({ category: 'invalid' });
    await expect(tolerate({ key: finess, reason: 'x', until: '2020-01-01' })).rejects.toMatchObject({
      category: 'invalid',
    });
    await expect(tolerate({ key: finess, undo: true })).rejects.toMatchObject({ category: 'not-found' });
    await expect(tolerate({ key: '990000010', reason: 'x', until: inAYear })).rejects.toMatchObject({
      category: 'not-found',
    });

    const reason = 'Reprise par un autre établissement, dossier en cours';
    const told = await tolerate({ key: finess, reason, until: inAYear });
    expect(told).toMatchObject({
      state: 'tolerated',
      tolerated: { reason, until: inAYear, actor: 'operator' },
    });
    const again = (await match()).findings.find(({ kind }) => kind === 'closed');
    expect(again?.tolerated).toEqual({ until: inAYear, reason });
    expect((await findings('tolerated')).map(({ kind }) => kind)).toEqual(['closed']);

    await tolerate({ key: finess, undo: true });
    expect((await match()).findings.find(({ kind }) => kind === 'closed')).not.toHaveProperty('tolerated');
    expect(await findings('tolerated')).toEqual([]);

    await tolerate({ key: finess, reason, until: inAYear });
    await world.store.findingTolerances.settle(tenant, 'annuaire', '2999-01-01');
    expect(await world.store.findings.list(tenant, { state: 'tolerated' })).toEqual([]);
  }, 60_000);

  it('that are over and come back while they are tolerated are tolerated', async () => {
    await hold(world.store, 'finess', 0, finessRows(), 3);
    await match();
    expect((await findings('gone')).map(({ kind }) => kind)).toContain('closed');
    await hold(
      ...([world.store, 'finess', 0] as const),
      finessRows((row, id) => (id === finess ? { ...row, state: 'closed' } : row)),
      4,
    );
    await match();
    expect((await findings('tolerated')).map(({ kind }) => kind)).toEqual(['closed']);
  }, 60_000);

  it('tell a person whose activities are all in other communes than the network’s', async () => {
    await hold(
      world.store,
      'annuaire',
      1,
      peopleRows().map((row) =>
        row.kind === 'PractitionerRole' && row.practitioner?.endsWith(papa)
          ? { ...row, commune: '69123', organization: 'F990000999' }
          : row,
      ),
      5,
    );
    const { findings: found } = await match();
    expect(found.find(({ key }) => key.endsWith(papa))).toMatchObject({
      ...{ kind: 'practice-moved', proposed: '69123', wrong: expect.stringContaining('83') },
    });
  }, 60_000);
});
