import { afterEach, describe, expect, it } from '@jest/globals';
import type { WriteEntry } from '../../src/delivery/types.ts';
import { logicalId } from '../../src/fhir/key.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { apply } from '../../src/publish/apply.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { repairEffect } from '../../src/reconcile/repair.ts';
import { network, publishParts } from '../publish/networks.ts';
import {
  byHand,
  held,
  item,
  items,
  loseFirstAnswer,
  networkKey,
  openWorld,
  put,
  runAll,
  tenant,
  type World,
} from './world.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const taskKey = networkKey('referral-1/task');

/** A Task as it is relayed: the fulfiller moves it on, we never write it again. */
function task(): WriteEntry {
  const [system, value] = taskKey.split('|') as [string, string];
  const body: AnyResource = {
    resourceType: 'Task',
    identifier: [{ system, value }],
    status: 'requested',
    intent: 'order',
  };
  return { type: 'Task', key: taskKey, body, once: true };
}

async function accepted(): Promise<AnyResource> {
  const [found] = await held(world, 'a', 'Task');
  const moved = { ...found!, status: 'accepted' };
  await byHand(world, 'a', 'PUT', `Task/${found!.id}`, moved);
  return moved;
}

describe('what is found where a create should go', () => {
  it.each(['client', 'server'] as const)(
    'has arrived when the fulfiller moved it on before the lost answer was followed up (ids: %s)',
    async (ids) => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 0 } });
      loseFirstAnswer(world);
      await put(world, item([task()]));
      await world.delivery.runOnce();
      await accepted();
      await runAll(world.delivery);
      expect(await items(world)).toMatchObject([{ state: 'delivered' }]);
      expect(await held(world, 'a', 'Task')).toMatchObject([
        { status: 'accepted', meta: { versionId: '2' } },
      ]);
    },
  );

  it('is not set back when a database restored from an earlier day sends it again', async () => {
    world = await openWorld();
    await put(world, item([task()]));
    await runAll(world.delivery);
    await accepted();
    for (const table of ['reference', 'receipt', 'outbox'] as const)
      await world.store.db.deleteFrom(table).execute();
    await put(world, item([task()]));
    await runAll(world.delivery);
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(await held(world, 'a', 'Task')).toMatchObject([{ status: 'accepted' }]);
  });

  it('is never overwritten by a later apply either: reconciliation shows it and puts ours back (P-23)', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    world.effects.set('repair', repairEffect());
    const ours = logicalId('Organization', networkKey('n1'));
    loseFirstAnswer(world);
    await apply(parts, scope, [network('n1')], { waitMs: 200 });
    expect(await items(world)).toMatchObject([{ state: 'queued', attempts: 1 }]);
    const [written] = await held(world, 'a', 'Organization');
    await byHand(world, 'a', 'PUT', `Organization/${ours}`, { ...written!, name: 'par une personne' });
    world.clock.advance(3_600_000);
    await runAll(world.delivery);
    await apply(parts, scope, [network('n1')]);
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'par une personne' }]);

    const seen = await reconcile(parts, scope);
    expect(seen.drift).toMatchObject([{ kind: 'changed', key: networkKey('n1') }]);
    expect(await reconcile(parts, scope, { repair: true })).toMatchObject({ repaired: 1 });
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'Nouveau nom' }]);
    expect(await reconcile(parts, scope)).toMatchObject({ drift: [] });
  });
});
