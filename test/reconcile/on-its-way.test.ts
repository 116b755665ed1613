import { afterEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { apply } from '../../src/publish/apply.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { repairEffect } from '../../src/reconcile/repair.ts';
import type { ReconcileParts } from '../../src/reconcile/types.ts';
import { byHand, held, isWrite, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from '../publish/networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };

async function published(): Promise<ReconcileParts> {
  world = await openWorld({ policy: { baseMs: 3_600_000 } });
  await apply(publishParts(world), scope, [network('n1'), network('n2')]);
  world.effects.set('repair', repairEffect());
  return {
    ...{ store: world.store, servers: world.servers, serverConfigs: world.configs },
    ...{ delivery: world.delivery, clock: world.clock, ids: systemIds, log: createLog('silent') },
  };
}

async function rename(from: string, to: string): Promise<void> {
  const ours = (await held(world, 'a', 'Organization')).find((one) => one['name'] === from)!;
  await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, name: to });
}

const names = async (): Promise<unknown[]> =>
  (await held(world, 'a', 'Organization')).map((one) => one['name']).sort();

/** The hospital writes nothing for us now; a person there still can. */
function refuseWrites(): void {
  world.hospitals
    .get('a')!
    .setFaults(({ headers }) => (isWrite(headers) ? { kind: 'answer', status: 503 } : undefined));
}

describe('a repair that still waits', () => {
  it('is not dropped when a later run finds something else', async () => {
    const parts = await published();
    await rename('Réseau n1', 'un');
    refuseWrites();
    await reconcile(parts, scope, { repair: true, waitMs: 3_000 });
    await rename('Réseau n2', 'deux');
    await reconcile(parts, scope, { repair: true, waitMs: 100 });
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(3_600_000);
    await world.delivery.drain(tenant, {}, AbortSignal.timeout(5_000));
    expect(await names()).toEqual(['Réseau n1', 'Réseau n2']);
  });

  it('does not end its finding before the hospital shows ours again', async () => {
    const parts = await published();
    await rename('Réseau n1', 'un');
    refuseWrites();
    await reconcile(parts, scope, { repair: true, waitMs: 3_000 });
    const again = await reconcile(parts, scope);
    expect(await names()).toContain('un');
    expect(await world.store.findings.list(tenant)).toMatchObject([{ state: 'open' }]);
    expect(again.drift).toMatchObject([{ kind: 'changed', state: 'open' }]);
  });
});

describe('a publication that still waits', () => {
  it('does not end the finding of a resource that was not judged', async () => {
    const parts = await published();
    await rename('Réseau n1', 'un');
    await reconcile(parts, scope);
    refuseWrites();
    await apply(publishParts(world), scope, [network('n1', [], 'Nouveau nom'), network('n2')], {
      waitMs: 100,
    });
    await reconcile(parts, scope);
    expect(await world.store.findings.list(tenant)).toMatchObject([{ state: 'open' }]);
  });
});
