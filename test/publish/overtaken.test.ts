import { afterEach, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

it('a plan that another run overtakes while it reads is refused, and may be asked for again', async () => {
  world = await openWorld();
  const parts = publishParts(world);
  await apply(parts, { tenant, actor: 'essai' }, [network('n1')]);
  await world.store.db.deleteFrom('deployed').execute(); // so that all of the network differs
  const { comparison } = parts.store;
  const compare: typeof comparison.compare = async (asked) => {
    const compared = await comparison.compare(asked);
    await world.store.db.deleteFrom('desired').execute(); // what another run does in between
    return compared;
  };
  const overtaken = { ...parts, store: { ...parts.store, comparison: { ...comparison, compare } } };
  const stored = [{ ...network('n1'), resources: [], kept: 'desired' as const }];
  await expect(plan(overtaken, tenant, stored)).rejects.toMatchObject({
    category: 'conflict',
    message: expect.stringContaining('relancer la commande'),
  });
});
