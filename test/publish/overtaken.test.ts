import { afterEach, describe, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import type { PublishParts } from '../../src/publish/types.ts';
import type { Repositories } from '../../src/store/store.ts';
import { openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const basis = 'jour et programme';
const stored = [{ ...network('n1'), basis, resources: [], kept: 'desired' as const }];

/** Parts whose picture of the database is looked at through `through`. */
function lookingThrough(
  parts: PublishParts,
  through: (tx: Repositories) => Promise<Repositories>,
): PublishParts {
  const { store: real } = parts;
  const snapshot: typeof real.snapshot = (work) => real.snapshot(async (tx) => work(await through(tx)));
  const store = { ...real, snapshot };
  return { ...parts, store };
}

describe('a plan, while another run publishes,', () => {
  it('is refused when the networks it was to compare were published anew, and may be asked for again', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [{ ...network('n1'), basis }]);
    expect((await plan(parts, tenant, stored)).servers[0]!.changes).toEqual([]);
    const overtaken = lookingThrough(parts, async (tx) => {
      await world.store.db.deleteFrom('desired_network').execute(); // before anything is read of the picture
      return tx;
    });
    await expect(plan(overtaken, tenant, stored)).rejects.toMatchObject({
      category: 'conflict',
      message: expect.stringContaining('relancer la commande'),
    });
  });

  it('is all of one moment: no old hash beside a new body', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'un')]);
    const wanted = [network('n1', [], 'deux')];
    const before = await plan(parts, tenant, wanted);
    const moving = lookingThrough(parts, async (tx) => {
      const compare: typeof tx.comparison.compare = async (asked) => {
        const compared = await tx.comparison.compare(asked);
        await apply(parts, scope, [network('n1', [], 'trois')]);
        return compared;
      };
      return { ...tx, comparison: { ...tx.comparison, compare } };
    });
    const shown = await plan(moving, tenant, wanted);
    expect(shown).toMatchObject({ id: before.id, ground: before.ground });
    expect(shown.servers[0]!.changes).toMatchObject([{ fields: [{ before: 'un', after: 'deux' }] }]);
    await expect(apply(parts, scope, wanted, { expect: shown })).rejects.toMatchObject({
      category: 'conflict',
    });
  });
});
