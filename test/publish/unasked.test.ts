import { afterEach, describe, expect, it } from '@jest/globals';
import { sharedTenant } from '../../src/delivery/shared-tenant.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { rollback } from '../../src/publish/rollback.ts';
import {
  byHand,
  held,
  isWrite,
  items,
  loseFirstAnswer,
  openWorld,
  tenant,
  type World,
} from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const typed = {
  resourceType: 'Organization',
  identifier: [{ system: networkSystem, value: 'n1' }],
  active: true,
  name: 'Filière saisie à la main',
};
const names = async () => (await held(world, 'a', 'Organization')).map((one) => one['name']);
const comeBack = async () => {
  world.hospitals.get('a')!.setFaults(undefined);
  world.clock.advance(7_200_000);
  await world.delivery.drain(tenant, { serverId: 'a' }, AbortSignal.timeout(5_000));
};

describe.each(['client', 'server'] as const)(
  'a server that could not be asked, ids given by the %s',
  (ids) => {
    it('is asked before a creation is written: what somebody typed there is not doubled, but proposed', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 1 } });
      const parts = publishParts(world);
      await byHand(world, 'a', 'POST', 'Organization', typed);
      world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
      await apply(parts, scope, [network('n1')], { waitMs: 100 });
      await comeBack();
      expect(await names()).toEqual([typed.name]);
      const next = await plan(parts, tenant, [network('n1')]);
      expect(next.servers[0]!.counts).toMatchObject({ create: 0, adopt: 1 });
      await apply(parts, scope, [network('n1')], { adopt: ['*'] });
      expect(await names()).toEqual(['Réseau n1']);
      expect((await plan(parts, tenant, [network('n1')])).servers[0]!.changes).toEqual([]);
    });

    it('is given what was queued when it has nothing of it, and what a lost answer left is ours', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 3_600_000 } });
      const parts = publishParts(world);
      loseFirstAnswer(world);
      await apply(parts, scope, [network('n1', ['780000001'])], { waitMs: 200 });
      const next = [network('n1', ['780000001'], 'Nouveau nom')];
      const applied = await apply(parts, scope, next, { waitMs: 200 });
      expect(applied.plan.servers[0]!.counts).toMatchObject({ adopt: 0, blocked: 0 });
      await comeBack();
      expect((await names()).sort()).toEqual(['Nouveau nom', 'Établissement 780000001']);
      expect((await plan(parts, tenant, next)).servers[0]!.changes).toEqual([]);
    });

    it('has its lost directory copy known as ours: it follows the networks, and is closed when none needs it', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 3_600_000 } });
      const parts = publishParts(world);
      loseFirstAnswer(world);
      await apply(parts, scope, [network('n1', ['780000001'])], { waitMs: 200 });
      await apply(parts, scope, [network('n1', ['780000001'], 'Nouveau nom')], { waitMs: 200 });
      await comeBack();
      const key = `${systems.finess}|780000001`;
      expect(await world.store.deployed.list([sharedTenant], 'a')).toMatchObject([{ key, active: true }]);
      expect(await world.store.references.find([sharedTenant], 'a', [key])).toMatchObject([{ ours: true }]);
      await apply(parts, scope, [network('n1', [], 'Nouveau nom')], { confirm: true });
      const copies = (await held(world, 'a', 'Organization')).filter(({ name }) => name !== 'Nouveau nom');
      expect(copies).toMatchObject([{ active: false }]);
    });

    it('gives back an adoption whose answer was lost', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 3_600_000 } });
      const parts = publishParts(world);
      await byHand(world, 'a', 'POST', 'Organization', typed);
      loseFirstAnswer(world);
      const { run } = await apply(parts, scope, [network('n1')], { adopt: ['*'], waitMs: 200 });
      expect(await names()).toEqual(['Réseau n1']);
      await rollback(parts, scope, [network('n1')], { run, confirm: true, waitMs: 200 });
      await comeBack();
      expect(await names()).toEqual([typed.name]);
    });

    it('gives back an adoption that was sent again, to what the person had written', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 3_600_000 } });
      const parts = publishParts(world);
      await byHand(world, 'a', 'POST', 'Organization', typed);
      loseFirstAnswer(world);
      await apply(parts, scope, [network('n1')], { adopt: ['*'], waitMs: 200 });
      const renamed = [network('n1', [], 'Nouveau nom')];
      const { run } = await apply(parts, scope, renamed, { waitMs: 200 });
      await comeBack();
      expect(await names()).toEqual(['Nouveau nom']);
      await rollback(parts, scope, renamed, { run, confirm: true });
      expect(await names()).toEqual([typed.name]);
    });

    it('closes an adoption whose answer was lost when the network leaves', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 3_600_000 } });
      const parts = publishParts(world);
      await byHand(world, 'a', 'POST', 'Organization', typed);
      loseFirstAnswer(world);
      await apply(parts, scope, [network('n1')], { adopt: ['*'], waitMs: 200 });
      await apply(parts, scope, [], { confirm: true, waitMs: 200 });
      await comeBack();
      expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'Réseau n1', active: false }]);
    });
  },
);

describe('a type that a server does not search by identifier', () => {
  const refuseSearch = () =>
    world.hospitals
      .get('a')!
      .setFaults(({ method, path }) =>
        method === 'GET' && path.startsWith('Location?identifier')
          ? { kind: 'answer', status: 400, headers: fhir, body: outcome }
          : undefined,
      );
  const fhir = { 'content-type': 'application/fhir+json' };
  const outcome = JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-supported' }],
  });

  it('is created all the same, and the plan says what could not be seen', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    refuseSearch();
    const { servers, plan: made } = await apply(parts, scope, [network('n1')]);
    expect(servers).toEqual([{ server: 'a', written: 2, parked: 0, waiting: 0 }]);
    expect(made.servers[0]!.issues).toMatchObject([{ severity: 'warning', rule: 'unsearchable' }]);
    expect(made.servers[0]!.issues[0]!.message).toContain('Location');
  });

  it('is not set aside for ever when it was queued while the server did not answer', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
    const { run } = await apply(parts, scope, [network('n1')], { waitMs: 100 });
    refuseSearch();
    world.clock.advance(7_200_000);
    await world.delivery.drain(tenant, { runId: run }, AbortSignal.timeout(5_000));
    expect((await items(world)).map(({ state }) => state)).toEqual(['delivered']);
    expect((await plan(parts, tenant, [network('n1')])).servers[0]!.changes).toEqual([]);
  });
});

describe('a confirmed adoption', () => {
  it('is to be confirmed again when the person wrote something else before it was sent', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    await byHand(world, 'a', 'PUT', 'Organization/typed', typed);
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) => (isWrite(headers) ? { kind: 'answer', status: 503 } : undefined));
    await apply(parts, scope, [network('n1')], { adopt: ['*'], waitMs: 100 });
    const again = await plan(parts, tenant, [network('n1')]);
    expect(again.servers[0]!.counts).toMatchObject({ adopt: 1, blocked: 0 });
    world.hospitals.get('a')!.setFaults(undefined);
    await byHand(world, 'a', 'PUT', 'Organization/typed', { ...typed, name: 'Corrigée entre-temps' });
    await apply(parts, scope, [network('n1')]);
    expect(await names()).toEqual(['Corrigée entre-temps']);
  });
});
