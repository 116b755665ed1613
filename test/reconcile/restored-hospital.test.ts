import { afterEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { apply } from '../../src/publish/apply.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { byHand, held, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from '../publish/networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };

describe('a hospital restored from a backup', () => {
  it('is found to differ though the version has the number that we know', async () => {
    world = await openWorld();
    await apply(publishParts(world), scope, [network('n1')]);
    const [ours] = await held(world, 'a', 'Organization');
    await byHand(world, 'a', 'PUT', `Organization/${ours!.id}`, { ...ours!, name: 'à la main' });
    // Versions counted anew there: the foreign content stands under the number of ours.
    await world.store.db
      .updateTable('reference')
      .set({ version_id: '2' })
      .where('type', '=', 'Organization')
      .execute();
    const parts = {
      ...{ store: world.store, servers: world.servers, serverConfigs: world.configs },
      ...{ delivery: world.delivery, clock: world.clock, ids: systemIds, log: createLog('silent') },
    };
    expect((await reconcile(parts, scope)).drift).toMatchObject([{ kind: 'changed' }]);
  });
});
