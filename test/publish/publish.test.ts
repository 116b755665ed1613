import { afterEach, describe, expect, it } from '@jest/globals';
import { systems } from '../../src/fhir/identifiers.ts';
import { apply } from '../../src/publish/apply.ts';
import { history } from '../../src/publish/history.ts';
import { plan } from '../../src/publish/plan.ts';
import { byHand, held, isWrite, items, openWorld, tenant, type World } from '../delivery/world.ts';
import { described, establishment, network, owned, publishParts, to } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const writes = (id: string): number => world.hospitals.get(id)!.traffic().writes;

describe('publication', () => {
  it('plans without writing, applies, and has nothing left to do', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b', ids: 'server' }] });
    const parts = publishParts(world);
    const networks = [network('n1', ['780000001', '780000002']), network('n2', ['780000001'])];
    const first = await plan(parts, tenant, networks);
    expect(first.servers.map((server) => server.counts)).toMatchObject([{ create: 9 }, { create: 9 }]);
    expect([writes('a'), writes('b')]).toEqual([0, 0]);
    expect(await items(world)).toEqual([]);

    const applied = await apply(parts, scope, networks);
    expect(applied.plan.id).toBe(first.id);
    expect(applied.servers).toEqual([
      { server: 'a', written: 9, parked: 0, waiting: 0 },
      { server: 'b', written: 9, parked: 0, waiting: 0 },
    ]);
    expect(await held(world, 'b', 'OrganizationAffiliation')).toHaveLength(3);
    const before = [writes('a'), writes('b')];
    const second = await apply(parts, scope, networks);
    expect(second.plan.servers.flatMap((server) => server.changes)).toEqual([]);
    expect([writes('a'), writes('b')]).toEqual(before);
    expect(await history(world.store, tenant)).toMatchObject([{ status: 'done' }, { status: 'done' }]);
  });

  it('publishes at each server only the networks meant for it', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b', networks: ['n2'] }] });
    await apply(publishParts(world), scope, [network('n1'), network('n2')]);
    expect((await held(world, 'a', 'Organization')).length).toBe(2);
    expect((await held(world, 'b', 'Organization')).map((one) => one['name'])).toEqual(['Réseau n2']);
  });

  it('shows the fields that change, writes them, and closes what left', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', ['780000001'])]);
    const changed = [network('n1', [], 'Autre nom')];
    const { servers } = await plan(parts, tenant, changed);
    expect(servers[0]!.counts).toMatchObject({ create: 0, update: 1, close: 2, unchanged: 1 });
    expect(servers[0]!.changes.find((one) => one.op === 'update')).toMatchObject({
      fields: [{ path: 'name', before: 'Réseau n1', after: 'Autre nom' }],
    });
    await apply(parts, scope, changed);
    expect(await held(world, 'a', 'OrganizationAffiliation')).toMatchObject([{ active: false, period: {} }]);
    const copy = (await held(world, 'a', 'Organization')).find(
      (one) => one['name'] === 'Établissement 780000001',
    );
    expect(copy).toMatchObject({ active: false });
    expect((await plan(parts, tenant, changed)).servers[0]!.changes).toEqual([]);

    await apply(parts, scope, [network('n1', ['780000001'])]);
    expect(await held(world, 'a', 'OrganizationAffiliation')).toMatchObject([{ active: true }]);
  });

  it('points to what a hospital has under a national identifier and never writes it', async () => {
    world = await openWorld();
    const own = {
      resourceType: 'Organization',
      identifier: [{ system: systems.finess, value: '780000001' }],
      name: 'CH',
    };
    const created = await byHand(world, 'a', 'PUT', 'Organization/ch-local', own);
    expect(created.status).toBe(201);
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', ['780000001'])]);
    expect(await held(world, 'a', 'OrganizationAffiliation')).toMatchObject([
      { participatingOrganization: { reference: 'Organization/ch-local' } },
    ]);
    const there = await held(world, 'a', 'Organization');
    expect(there.find((one) => one.id === 'ch-local')).toMatchObject({
      name: 'CH',
      meta: { versionId: '1' },
    });
    expect(there).toHaveLength(2);
    expect(await world.store.references.find(['*'], 'a', [`${systems.finess}|780000001`])).toMatchObject([
      { ours: false, localId: 'ch-local' },
    ]);
    await apply(parts, scope, [network('n1')]);
    expect((await held(world, 'a', 'Organization')).find((one) => one.id === 'ch-local')).not.toHaveProperty(
      'active',
    );
  });

  it('writes nothing that points to an establishment the server has twice, and says so', async () => {
    world = await openWorld();
    const own = {
      resourceType: 'Organization',
      identifier: [{ system: systems.finess, value: '780000001' }],
      name: 'CH',
    };
    await byHand(world, 'a', 'PUT', 'Organization/one', own);
    await byHand(world, 'a', 'PUT', 'Organization/two', own);
    const applied = await apply(publishParts(world), scope, [network('n1', ['780000001', '780000002'])]);
    expect(applied.plan.servers[0]!.counts).toMatchObject({ create: 4, blocked: 2 });
    expect(applied.plan.servers[0]!.issues).toMatchObject([
      { code: 'multiple-matches', severity: 'warning' },
    ]);
    expect(applied.servers).toMatchObject([{ written: 4, parked: 0 }]);
    expect(await held(world, 'a', 'OrganizationAffiliation')).toHaveLength(1);
  });

  it('shares a directory copy among tenants and retires it when the last one leaves', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const other = { tenant: 'paca', actor: 'essai' };
    await apply(parts, scope, [network('n1', ['780000001'])]);
    const joined = described('n2', [
      establishment('780000001', 'Autre nom'),
      owned('Organization', 'n2', { active: true }),
    ]);
    await apply(parts, other, [joined]);
    const copy = async () =>
      (await held(world, 'a', 'Organization', `&identifier=${systems.finess}|780000001`)).map((one) => [
        one['name'],
        one['active'],
      ]);
    expect(await copy()).toEqual([['Établissement 780000001', true]]);
    expect((await plan(parts, 'paca', [joined])).servers[0]!.changes).toEqual([]);
    await apply(parts, scope, [network('n1')]);
    expect(await copy()).toEqual([['Établissement 780000001', true]]);
    await apply(parts, other, []);
    expect((await copy())[0]![1]).toBe(false);
    const affiliations = await world.store.deployed.list([tenant, 'paca', '*'], 'a');
    expect(new Set(affiliations.map((row) => row.tenant))).toEqual(new Set([tenant, 'paca', '*']));
  });

  it('takes the network that sorts first when two disagree, and warns', async () => {
    world = await openWorld();
    const networks = ['n2', 'n1'].map((id) => described(id, [establishment('780000001', `dit ${id}`)]));
    const applied = await apply(publishParts(world), scope, networks);
    expect(applied.plan.servers[0]!.issues).toMatchObject([{ severity: 'warning', rule: 'same-key' }]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'dit n1' }]);
  });

  it('never overwrites what a person changed at the hospital, and publishes the rest (P-23)', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', ['780000001'])]);
    const ours = (await held(world, 'a', 'Organization')).find((one) => one['name'] === 'Réseau n1')!;
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, alias: ['à la main'] });
    const renamed = network('n1', ['780000001', '780000002'], 'Autre nom');
    const applied = await apply(parts, scope, [renamed]);
    expect(applied.servers).toEqual([{ server: 'a', written: 2, parked: 1, waiting: 0 }]);
    const now = (await held(world, 'a', 'Organization')).find((one) => one.id === ours.id);
    expect(now).toMatchObject({ name: 'Réseau n1', alias: ['à la main'] });
    const parked = (await items(world)).filter((one) => one.state === 'parked');
    expect(parked).toMatchObject([{ reason: { category: 'conflict', side: 'server' } }]);
    // Asking again sets the parked item aside and ends the same way.
    const again = await apply(parts, scope, [renamed]);
    expect(again.servers).toEqual([{ server: 'a', written: 0, parked: 1, waiting: 0 }]);
    expect((await items(world)).filter((one) => one.state === 'parked')).toHaveLength(1);
  });

  it('asks for confirmation before a large change', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const many = Array.from({ length: 8 }, (_, i) => `78000000${i}`);
    await apply(parts, scope, [network('n1', many)]);
    expect((await plan(parts, tenant, [])).servers[0]!.issues).toMatchObject([{ rule: 'brake' }]);
    await expect(apply(parts, scope, [])).rejects.toMatchObject({ category: 'unprocessable' });
    expect(await world.store.desired.list(tenant)).not.toEqual([]);
    const applied = await apply(parts, scope, [], { confirm: true });
    expect(applied.plan.servers[0]!.counts).toMatchObject({ close: 18 });
    expect((await held(world, 'a', 'Organization')).every((one) => one['active'] === false)).toBe(true);
  });

  it('goes on at other servers when one is unreachable, and finishes there later with what is newest', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b' }], policy: { baseMs: 1 } });
    const parts = publishParts(world);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
    const first = await apply(parts, scope, [network('n1')], { waitMs: 300 });
    expect(first.servers).toEqual([
      { server: 'a', written: 0, parked: 0, waiting: 2 },
      { server: 'b', written: 2, parked: 0, waiting: 0 },
    ]);
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')], { waitMs: 300 });
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(60_000);
    await world.delivery.drain(tenant, { serverId: 'a' }, AbortSignal.timeout(5_000));
    expect(await held(world, 'a', 'Organization')).toMatchObject([
      { name: 'Nouveau nom', meta: { versionId: '1' } },
    ]);
    expect((await items(world)).map((one) => one.state).sort()).toEqual(
      ['delivered', 'delivered', 'delivered', 'superseded'].sort(),
    );
  });

  it('does not decide about directory copies at a server that cannot be asked', async () => {
    world = await openWorld();
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 500 }));
    const { servers } = await plan(publishParts(world), tenant, [network('n1', ['780000001'])]);
    expect(servers[0]!.counts).toMatchObject({ create: 2, blocked: 2 });
    expect(servers[0]!.issues).toMatchObject([{ code: 'transient', severity: 'error' }]);
  });

  it('recognises what an item left behind whose answer was lost and which was then set aside', async () => {
    world = await openWorld({ policy: { baseMs: 3_600_000 } });
    const parts = publishParts(world);
    let posts = 0;
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) =>
        !isWrite(headers)
          ? undefined
          : posts++ === 0
            ? { kind: 'reset', when: 'after' }
            : { kind: 'answer', status: 503 },
      );
    await apply(parts, scope, [network('n1')], { waitMs: 200 });
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')], { waitMs: 200 });
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(7_200_000);
    const drained = await world.delivery.drain(tenant, { serverId: 'a' }, AbortSignal.timeout(5_000));
    expect(drained).toMatchObject([{ parked: 0, waiting: 0 }]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'Nouveau nom' }]);
  });

  it('limits a run to one network without losing what another one still has to send', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
    await apply(parts, scope, [network('n1'), network('n2')], { network: 'n1', waitMs: 100 });
    await apply(parts, scope, [network('n1'), network('n2')], { network: 'n2', waitMs: 100 });
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(60_000);
    await world.delivery.drain(tenant, { serverId: 'a' }, AbortSignal.timeout(5_000));
    expect(await held(world, 'a', 'Organization')).toHaveLength(2);
  });

  it('writes resources that point to each other in one transaction', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids: 'server' }] });
    const circle = described('n1', [
      owned('Organization', 'n1', {
        active: true,
        extension: [
          { url: 'https://passerelle.example/fhir/x', valueReference: to('Location', 'n1/territory') },
        ],
      }),
      owned('Location', 'n1/territory', { status: 'active', managingOrganization: to('Organization', 'n1') }),
    ]);
    const applied = await apply(publishParts(world), scope, [circle]);
    expect(applied.servers).toMatchObject([{ written: 2, parked: 0 }]);
  });
});
