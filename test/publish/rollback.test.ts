import { afterEach, describe, expect, it } from '@jest/globals';
import { networkSystem } from '../../src/fhir/names.ts';
import { apply } from '../../src/publish/apply.ts';
import { history, runDetail } from '../../src/publish/history.ts';
import { plan } from '../../src/publish/plan.ts';
import { planRollback, rollback } from '../../src/publish/rollback.ts';
import { held, openWorld, tenant, type World } from '../delivery/world.ts';
import { copyExamples, type Files } from './edits.ts';
import { network, publishParts } from './networks.ts';
import { editAndReturn } from './rollback-rounds.ts';

let world: World;
let files: Files | undefined;
afterEach(async () => {
  await world.close();
  await files?.remove();
  files = undefined;
});

const scope = { tenant, actor: 'essai' };
const names = async (id = 'a') =>
  (await held(world, id, 'Organization')).filter((one) => one['active'] !== false).map((one) => one['name']);

describe('roll back', () => {
  it('gives back the active content of an earlier state after twenty edits of network files', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b', ids: 'server' }] });
    files = await copyExamples(['cpts-digne', 'cpts-bandol', 'ess-endo']);
    await editAndReturn(world, files, 20, Number(process.hrtime.bigint() % 1_000_000n));
  }, 240_000);

  it('brings back the old words, reopens what was closed and closes what was created', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', ['780000001', '780000002'])]);
    const edited = [network('n1', ['780000002', '780000003'], 'Autre nom')];
    const { run } = await apply(parts, scope, edited);
    const planned = await planRollback(parts, tenant, edited, { run });
    expect(planned.servers[0]!.counts).toMatchObject({ update: 3, close: 2, create: 0 });
    expect(await names()).toContain('Autre nom');
    const back = await rollback(parts, scope, edited, { run: run.slice(0, 8) });
    expect(back.servers).toEqual([{ server: 'a', written: 5, parked: 0, waiting: 0 }]);
    expect((await names()).sort()).toEqual(
      ['Réseau n1', 'Établissement 780000001', 'Établissement 780000002'].sort(),
    );
    expect(await held(world, 'a', 'Organization')).toHaveLength(4);
    expect((await history(world.store, tenant))[0]).toMatchObject({ kind: 'rollback', actor: 'essai' });
    const detail = await runDetail(parts, tenant, { run: back.run });
    expect(detail.changes.find(({ key }) => key === `${networkSystem}|n1`)).toMatchObject({
      op: 'update',
      fields: [{ path: 'name', before: 'Autre nom', after: 'Réseau n1' }],
    });
  });

  it('keeps a run and undoes only what followed it', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    for (const name of ['un', 'deux', 'trois', 'quatre'])
      await apply(parts, scope, [network('n1', [], name)]);
    const runs = await history(world.store, tenant);
    const second = runs.at(-2)!.id;
    await rollback(parts, scope, [network('n1', [], 'quatre')], { run: second, after: true });
    expect(await names()).toEqual(['deux']);
  });

  it('holds the network until its file changes, and leaves other networks to their files', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'bon'), network('n2', [], 'n2')]);
    const wrong = network('n1', [], 'faute');
    const { run } = await apply(parts, scope, [wrong, network('n2', [], 'n2')]);
    await rollback(parts, scope, [wrong, network('n2', [], 'n2')], { run });
    expect((await names()).sort()).toEqual(['bon', 'n2']);
    const scheduled = await apply(parts, scope, [wrong, network('n2', [], 'n2 nouveau')]);
    expect((await names()).sort()).toEqual(['bon', 'n2 nouveau']);
    expect(scheduled.plan.held).toMatchObject([
      {
        network: 'n1',
        beforeRun: run,
        differences: [{ op: 'update', fields: [{ path: 'name', before: 'bon', after: 'faute' }] }],
      },
    ]);
    const corrected = await apply(parts, scope, [
      network('n1', [], 'mieux'),
      network('n2', [], 'n2 nouveau'),
    ]);
    expect(corrected.plan.held).toEqual([]);
    expect((await names()).sort()).toEqual(['mieux', 'n2 nouveau']);
  });

  it('brings back a network whose file is gone, and takes back one whose file is new', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1')]);
    const { run } = await apply(parts, scope, [network('n2')]);
    await rollback(parts, scope, [network('n2')], { run });
    expect(await names()).toEqual(['Réseau n1']);
    const next = await apply(parts, scope, [network('n2')]);
    expect(next.servers).toEqual([{ server: 'a', written: 0, parked: 0, waiting: 0 }]);
    expect(next.plan.held.map((one) => [one.network, one.differences!.map(({ op }) => op)])).toEqual([
      ['n1', ['close', 'close']],
      ['n2', ['create', 'create']],
    ]);
  });

  it('asks for confirmation like any large change, and refuses a run it cannot undo', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const many = Array.from({ length: 8 }, (_, i) => `78000000${i}`);
    const { run } = await apply(parts, scope, [network('n1', many)]);
    const back = rollback(parts, scope, [network('n1', many)], { run });
    await expect(back).rejects.toMatchObject({ category: 'unprocessable' });
    expect(await world.store.holds.list(tenant)).toEqual([]);
    const nothing = rollback(parts, scope, [network('n1', many)], { run, after: true });
    await expect(nothing).rejects.toThrow('Rien à défaire');
    await expect(rollback(parts, scope, [], { run: 'zzz' })).rejects.toMatchObject({ category: 'not-found' });
  });

  it('does not overwrite what a person changed at the hospital meanwhile', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'un')]);
    const { run } = await apply(parts, scope, [network('n1', [], 'deux')]);
    const [ours] = await held(world, 'a', 'Organization');
    await fetch(`${world.servers.get('a')!.base}/Organization/${ours!.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ ...ours, alias: ['à la main'] }),
    });
    const back = await rollback(parts, scope, [network('n1', [], 'deux')], { run });
    expect(back.servers).toEqual([{ server: 'a', written: 0, parked: 1, waiting: 0 }]);
    expect((await held(world, 'a', 'Organization'))[0]).toMatchObject({ name: 'deux', alias: ['à la main'] });
    expect((await plan(parts, tenant, [network('n1', [], 'deux')])).servers[0]!.counts).toMatchObject({
      update: 1,
    });
  });
});
