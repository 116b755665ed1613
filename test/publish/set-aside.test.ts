import { afterEach, describe, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { held, isWrite, items, loseFirstAnswer, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };

/** Names at the hospital of what is in use there. */
async function inUse(): Promise<unknown[]> {
  const found = await held(world, 'a', 'Organization');
  return found.filter((one) => one['active'] !== false).map((one) => one['name']);
}

describe('an item set aside while its outcome was unknown', () => {
  it('leaves nothing at the hospital that the networks no longer want', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    loseFirstAnswer(world);
    await apply(parts, scope, [network('n1'), network('n2')], { waitMs: 200 });
    expect(await inUse()).toHaveLength(2);
    await apply(parts, scope, [network('n1')], { waitMs: 5_000 });
    expect(await inUse()).toEqual(['Réseau n1']);
    expect((await plan(parts, tenant, [network('n1')])).servers[0]!.changes).toEqual([]);
  });

  it('does not leave its words at the hospital when the networks return to the earlier ones', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1')]);
    loseFirstAnswer(world);
    await apply(parts, scope, [network('n1', [], 'Faute de frappe')], { waitMs: 200 });
    expect(await inUse()).toEqual(['Faute de frappe']);
    await apply(parts, scope, [network('n1')], { waitMs: 100 });
    world.clock.advance(3_600_000);
    await world.delivery.drain(tenant, {}, AbortSignal.timeout(5_000));
    expect(await inUse()).toEqual(['Réseau n1']);
  });

  it('is not created only to be closed when it never arrived', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) => (isWrite(headers) ? { kind: 'answer', status: 503 } : undefined));
    await apply(parts, scope, [network('n1'), network('n2')], { waitMs: 3_000 });
    await apply(parts, scope, [network('n1')], { waitMs: 100 });
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(3_600_000);
    const again = await apply(parts, scope, [network('n1')], { waitMs: 5_000 });
    expect(again.servers).toMatchObject([{ parked: 0, waiting: 0 }]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'Réseau n1' }]);
    expect((await plan(parts, tenant, [network('n1')])).servers[0]!.changes).toEqual([]);
  });

  it('does not have the last word when it is still being sent', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1')]);
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) => (isWrite(headers) ? { kind: 'delay', ms: 700 } : undefined));
    world.delivery.start();
    await apply(parts, scope, [network('n1', [], 'Faute de frappe')], { waitMs: 100 });
    expect((await items(world)).at(-1)).toMatchObject({ state: 'sending' });
    await apply(parts, scope, [network('n1')], { waitMs: 5_000 });
    await world.delivery.stop();
    expect(await inUse()).toEqual(['Réseau n1']);
  });

  it('is told in the history: a run whose items another one set aside is not done', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) => (isWrite(headers) ? { kind: 'answer', status: 503 } : undefined));
    world.delivery.start();
    const first = apply(parts, scope, [network('n1')], { waitMs: 20_000 });
    while (!(await items(world)).some((one) => one.state === 'queued' && one.attempts === 1))
      await world.clock.sleep(20);
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')], { waitMs: 100 });
    await first;
    await world.delivery.stop();
    const runs = await world.store.runs.list(tenant, 5);
    expect(runs.map((run) => run.status)).toEqual(['partial', 'partial']);
  });
});
