/** Publication and reconciliation against a real HAPI, which judges versions, references and identifiers by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { repairEffect } from '../../src/reconcile/repair.ts';
import { byHand, held, openWorld, tenant, type World } from '../delivery/world.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';
import { network, publishParts } from '../publish/networks.ts';

let hapi: Hapi;
beforeAll(async () => {
  hapi = await startHapi();
}, 240_000);
afterAll(async () => hapi.stop());

const scope = { tenant, actor: 'essai' };

describe.each(['client', 'server'] as const)('HAPI, ids given by the %s', (ids) => {
  let world: World;
  const finess = ids === 'client' ? ['780000001', '780000002'] : ['780000011', '780000012'];
  const newName = `Nouveau nom ${ids}`;
  const networks = (name?: string) => [network(`hapi-${ids}`, finess, name)];
  beforeAll(async () => {
    const timeouts = { connectMs: 2_000, answerMs: 20_000, totalMs: 30_000 };
    world = await openWorld({ servers: [{ id: 'a', ids, base: hapi.base, timeouts }] });
    world.effects.set('repair', repairEffect());
  });
  afterAll(async () => world.close());

  it('shows what the network says, then needs nothing more', async () => {
    const parts = publishParts(world);
    const first = await apply(parts, scope, networks());
    expect(first.servers).toEqual([{ server: 'a', written: 6, parked: 0, waiting: 0 }]);
    expect((await plan(parts, tenant, networks())).servers[0]!.changes).toEqual([]);
    const second = await apply(parts, scope, networks(newName));
    expect(second.servers).toEqual([{ server: 'a', written: 1, parked: 0, waiting: 0 }]);
  }, 60_000);

  it('finds what a person changed and deleted, puts it back, and is silent afterwards', async () => {
    const parts = publishParts(world);
    expect((await reconcile(parts, scope)).drift).toEqual([]);
    const mine = (await held(world, 'a', 'Organization')).find((one) => one['name'] === newName)!;
    await byHand(world, 'a', 'PUT', `Organization/${mine.id}`, { ...mine, name: 'à la main' });
    const stored = await world.store.references.list([tenant], 'a');
    for (const one of stored.filter((row) => row.type === 'OrganizationAffiliation'))
      await byHand(world, 'a', 'DELETE', `OrganizationAffiliation/${one.localId}`);
    const result = await reconcile(parts, scope, { repair: true });
    expect(result.drift.map((one) => [one.kind, one.state]).sort()).toEqual([
      ['changed', 'repaired'],
      ['deleted', 'repaired'],
      ['deleted', 'repaired'],
    ]);
    expect((await reconcile(parts, scope, { repair: true })).drift).toEqual([]);
    expect((await plan(parts, tenant, networks(newName))).servers[0]!.changes).toEqual([]);
  }, 60_000);

  it('never overwrites what a person changed', async () => {
    const parts = publishParts(world);
    const mine = (await held(world, 'a', 'Organization')).find((one) => one['name'] === newName)!;
    await byHand(world, 'a', 'PUT', `Organization/${mine.id}`, { ...mine, alias: ['à la main'] });
    const applied = await apply(parts, scope, networks('Encore un'));
    expect(applied.servers).toMatchObject([{ written: 0, parked: 1 }]);
    const now = (await held(world, 'a', 'Organization')).find((one) => one.id === mine.id);
    expect(now).toMatchObject({ name: newName, alias: ['à la main'] });
  }, 60_000);
});
