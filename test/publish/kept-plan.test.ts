import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerConfig } from '../../src/config.ts';
import type { GatewayError } from '../../src/fhir/error.ts';
import type { Plan } from '../../src/operations.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import type { MappedNetwork, PublishParts } from '../../src/publish/types.ts';
import { withVersions } from '../../src/publish/versions.ts';
import { byHand, held, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
let parts: PublishParts;
beforeEach(async () => {
  world = await openWorld();
  parts = publishParts(world);
  await apply(parts, scope, [network('n1', [], 'un'), network('n2', [], 'un')]);
});
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const wanted = [network('n1', [], 'deux'), network('n2', [], 'un')];

/** A plan as `plan -o` keeps it. */
const keep = async (networks: readonly MappedNetwork[], args = {}): Promise<Plan> =>
  JSON.parse(
    JSON.stringify(await withVersions(parts, tenant, await plan(parts, tenant, networks, args))),
  ) as Plan;

/** Messages of the refusal. */
async function refusal(expect_: Plan, networks: readonly MappedNetwork[], with_ = parts): Promise<string[]> {
  const before = await held(world, 'a', 'Organization');
  const refused = await apply(with_, scope, networks, { expect: expect_ }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ category: 'conflict', side: 'sender', retryable: false });
  expect(await held(world, 'a', 'Organization')).toEqual(before);
  return (refused as GatewayError).issues.map(({ message }) => message);
}

describe('a plan that was kept', () => {
  it('is carried out while nothing it stands on moved', async () => {
    const kept = await keep(wanted);
    const applied = await apply(parts, scope, wanted, { expect: kept });
    expect(applied.plan.id).toBe(kept.id);
    expect(applied.servers).toEqual([{ server: 'a', written: 1, parked: 0, waiting: 0 }]);
  });

  it('is refused when a network changed, was added or is gone, and says which', async () => {
    const kept = await keep(wanted);
    expect(await refusal(kept, [network('n1', [], 'trois'), wanted[1]!])).toEqual([
      'Réseau n1 : la description ou les correspondances ont changé depuis.',
    ]);
    expect(await refusal(kept, [...wanted, network('n3')])).toEqual(['Réseau n3 : ajouté depuis.']);
    expect(await refusal(kept, [wanted[0]!])).toEqual(['Réseau n2 : retiré depuis.']);
  });

  it('is refused when something was published since', async () => {
    const kept = await keep(wanted);
    await apply(parts, scope, [network('n1', [], 'un'), network('n2', [], 'deux')]);
    await apply(parts, scope, [network('n1', [], 'un'), network('n2', [], 'un')]);
    await apply(parts, scope, [network('n1', [], 'autre'), network('n2', [], 'un')]);
    expect(await refusal(kept, wanted)).toEqual(['Serveur a : un autre passage y a publié depuis.']);
  });

  it('minds only its own network when it is limited to one', async () => {
    const kept = await keep(wanted, { network: 'n1' });
    await apply(parts, scope, [network('n1', [], 'un'), network('n2', [], 'deux')]);
    const now = [wanted[0]!, network('n2', [], 'deux')];
    const applied = await apply(parts, scope, now, { network: 'n1', expect: kept });
    expect(applied.servers).toMatchObject([{ written: 1 }]);
  });

  it('is refused when the hospital changed a resource that it would write', async () => {
    const kept = await keep(wanted);
    const ours = (await held(world, 'a', 'Organization')).find(({ identifier }) =>
      JSON.stringify(identifier).includes('"n1"'),
    )!;
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, alias: ['à la main'] });
    const [message, ...others] = await refusal(kept, wanted);
    expect(message).toContain('modifiée à l’hôpital');
    expect(others).toEqual([]);
  });

  it('is refused when the configuration or the day is another', async () => {
    const kept = await keep(wanted);
    const moved = world.configs.map((config): ServerConfig => ({ ...config, ids: 'server' }));
    const other = { ...parts, serverConfigs: moved };
    expect(await refusal(kept, wanted, other)).toEqual([
      'Configuration : les serveurs ou le frein ont changé.',
    ]);
    world.clock.advance(24 * 3_600_000);
    expect((await refusal(kept, wanted))[0]).toMatch(/^Jour : le plan vaut pour le \d{4}-\d\d-\d\d/);
  });
});

describe('the brake', () => {
  it('holds at what the configuration says', async () => {
    const strict = { ...parts, brake: { share: 0, freely: 0 } };
    await expect(apply(strict, scope, wanted)).rejects.toMatchObject({ category: 'unprocessable' });
    const loose = { ...parts, brake: { share: 1, freely: 0 } };
    await expect(apply(loose, scope, wanted)).resolves.toMatchObject({ servers: [{ written: 1 }] });
  });
});
