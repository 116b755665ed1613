import { afterEach, describe, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { rollback } from '../../src/publish/rollback.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { byHand, held, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const names = async (id = 'a') =>
  (await held(world, id, 'Organization')).filter((one) => one['active'] !== false).map((one) => one['name']);
const goDown = () => world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
const comeBack = async () => {
  world.hospitals.get('a')!.setFaults(undefined);
  world.clock.advance(3_600_000);
  await world.delivery.drain(tenant, { serverId: 'a' }, AbortSignal.timeout(5_000));
};

describe('a run that the hospital has not received yet', () => {
  it('is undone by its roll back, and never goes out', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'bon')]);
    goDown();
    const wrong = [network('n1', [], 'faute')];
    const { run } = await apply(parts, scope, wrong, { waitMs: 100 });
    const back = await rollback(parts, scope, wrong, { run, waitMs: 100 });
    expect(back.plan.held.map((one) => one.network)).toEqual(['n1']);
    await comeBack();
    await apply(parts, scope, wrong);
    expect(await names()).toEqual(['bon']);
    await expect(rollback(parts, scope, wrong, { run, after: true })).rejects.toThrow('Rien à défaire');
  });

  it('leaves what was queued before it as it was queued', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    goDown();
    await apply(parts, scope, [network('n1', ['780000001'], 'bon')], { waitMs: 100 });
    const wrong = [network('n1', [], 'faute')];
    const { run } = await apply(parts, scope, wrong, { waitMs: 100 });
    await rollback(parts, scope, wrong, { run, waitMs: 100 });
    await comeBack();
    expect(await names()).toEqual(['bon']);
  });

  it('keeps what is queued at a server that the undone run did not touch', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b' }], policy: { baseMs: 1 } });
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'un')]);
    goDown();
    await apply(parts, scope, [network('n1', [], 'bon')], { waitMs: 100 });
    const wrong = [network('n1', [], 'faute')];
    const { run } = await apply(parts, scope, wrong, { server: 'b', waitMs: 1000 });
    await rollback(parts, scope, wrong, { run, waitMs: 100 });
    await comeBack();
    expect([await names('a'), await names('b')]).toEqual([['bon'], ['bon']]);
  });
});

describe('a roll back while another publication begins', () => {
  it('makes the publication that read the holds before it begin again', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'bon')]);
    const wrong = [network('n1', [], 'faute')];
    const { run } = await apply(parts, scope, wrong);
    const nightly = apply(
      meanwhile(parts, () => rollback(parts, scope, wrong, { run })),
      scope,
      wrong,
    );
    await expect(nightly).rejects.toMatchObject({ category: 'conflict', retryable: true });
    expect(await names()).toEqual(['bon']);
  });

  it('makes a roll back that read the runs before another one begin again', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'bon')]);
    const { run } = await apply(parts, scope, [network('n1', [], 'faute')]);
    const newer = [network('n1', [], 'mieux')];
    const back = rollback(
      meanwhile(parts, () => apply(parts, scope, newer)),
      scope,
      newer,
      { run },
    );
    await expect(back).rejects.toMatchObject({ category: 'conflict', retryable: true });
    expect(await names()).toEqual(['mieux']);
  });

  /** The same parts; after the holds were first read, something else happens. */
  function meanwhile(parts: ReturnType<typeof publishParts>, event: () => Promise<unknown>) {
    const { holds } = parts.store;
    let happened = false;
    const list: typeof holds.list = async (of) => {
      const read = await holds.list(of);
      if (!happened) {
        happened = true;
        await event();
      }
      return read;
    };
    return { ...parts, store: { ...parts.store, holds: { ...holds, list } } };
  }
});

describe('a run of a release that noted bodies only', () => {
  const forget = async (run: string) =>
    world.store.db
      .updateTable('run_change')
      .set({ before_state: null, after_state: null })
      .where('run_id', '=', run)
      .execute();

  it('gives back what it changed, and closes nothing of it', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'bon')]);
    const wrong = [network('n1', [], 'faute')];
    const { run } = await apply(parts, scope, wrong);
    await forget(run);
    await rollback(parts, scope, wrong, { run });
    expect(await names()).toEqual(['bon']);
  });

  it('is not undone when nobody knows who needed what it closed', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1')]);
    const { run } = await apply(parts, scope, []);
    await forget(run);
    await expect(rollback(parts, scope, [], { run })).rejects.toThrow('ne notait pas');
  });
});

describe('what was adopted', () => {
  it('is given back though it was closed since', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const typed = {
      resourceType: 'Organization',
      identifier: [{ system: networkSystem, value: 'n1' }],
      active: true,
      name: 'Saisie à la main',
    };
    await byHand(world, 'a', 'POST', 'Organization', typed);
    const { run } = await apply(parts, scope, [network('n1')], { adopt: ['*'] });
    await apply(parts, scope, []);
    expect(await names()).toEqual([]);
    const back = await rollback(parts, scope, [], { run });
    expect(back.plan.servers[0]!.counts).toMatchObject({ release: 1 });
    expect(await names()).toEqual(['Saisie à la main']);
    await expect(rollback(parts, scope, [], { run })).rejects.toThrow('Rien à défaire');
  });
});

describe('who needs a resource', () => {
  it('is as before the run though it changed again after the words did', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const shared = (id: string, name: string) => ({
      ...network('common', [], name),
      id,
      sourceFile: `${id}.yaml`,
    });
    await apply(parts, scope, [shared('n1', 'bon')]);
    const both = [shared('n1', 'autre'), shared('n2', 'autre')];
    const { run } = await apply(parts, scope, both);
    const left = [shared('n2', 'autre')];
    await apply(parts, scope, left);
    await rollback(parts, scope, left, { run, confirm: true });
    expect(await names()).toEqual(['bon']);
    const rows = await world.store.deployed.list([tenant], 'a');
    expect(rows.map((row) => row.networks)).toEqual([['n1'], ['n1']]);
    expect((await plan(parts, tenant, left)).servers[0]!.changes).toEqual([]);
  });
});
