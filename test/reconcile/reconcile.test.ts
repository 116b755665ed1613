import { afterEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { repairEffect } from '../../src/reconcile/repair.ts';
import type { ReconcileParts } from '../../src/reconcile/types.ts';
import { byHand, held, items, openWorld, tenant, type World, type WorldOptions } from '../delivery/world.ts';
import { network, publishParts } from '../publish/networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const networks = [network('n1', ['780000001', '780000002'])];
const writes = (id: string): number => world.hospitals.get(id)!.traffic().writes;

/** A world in which the network is published everywhere. */
async function published(options: WorldOptions = {}): Promise<ReconcileParts> {
  world = await openWorld(options);
  await apply(publishParts(world), scope, networks);
  world.effects.set('repair', repairEffect());
  return {
    ...{ store: world.store, servers: world.servers, serverConfigs: world.configs },
    ...{ delivery: world.delivery, clock: world.clock, ids: systemIds, log: createLog('silent') },
  };
}

async function named(serverId: string, name: string): Promise<AnyResource & { id: string }> {
  const found = (await held(world, serverId, 'Organization')).find((one) => one['name'] === name);
  return found as AnyResource & { id: string };
}

/** Everything a server shows, without what the server itself counts. */
async function shown(serverId: string): Promise<unknown[]> {
  const types = ['Organization', 'Location', 'OrganizationAffiliation'];
  const all = (await Promise.all(types.map((type) => held(world, serverId, type)))).flat();
  return all.map(({ meta: _meta, ...rest }) => rest).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}

describe('reconcile', () => {
  it('finds nothing after publication, reads no bodies and writes nothing', async () => {
    const parts = await published();
    const before = writes('a');
    const result = await reconcile(parts, scope, { repair: true });
    expect(result).toMatchObject({ drift: [], clinical: [], repaired: 0 });
    expect(result.servers).toEqual([{ server: 'a', checked: 6, method: 'tag-list' }]);
    expect(writes('a')).toBe(before);
    expect(await world.store.runs.list(tenant, 1)).toMatchObject([{ kind: 'reconcile', status: 'done' }]);
  });

  it('finds what somebody changed, deleted or doubled, and only notes it', async () => {
    const parts = await published();
    const changed = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'PUT', `Organization/${changed.id}`, { ...changed, name: 'à la main' });
    const [affiliation] = await held(world, 'a', 'OrganizationAffiliation');
    await byHand(world, 'a', 'DELETE', `OrganizationAffiliation/${affiliation!.id}`);
    const { id: _id, ...copy } = await named('a', 'Établissement 780000001');
    await byHand(world, 'a', 'POST', 'Organization', { ...copy, meta: {} });
    const before = writes('a');
    const { drift } = await reconcile(parts, scope);
    expect(drift.map((one) => [one.kind, one.state]).sort()).toEqual([
      ['changed', 'open'],
      ['deleted', 'open'],
      ['twin', 'open'],
    ]);
    expect(drift.find((one) => one.kind === 'changed')!.fields).toEqual([
      { path: 'name', before: 'Réseau n1', after: 'à la main' },
    ]);
    expect(drift.find((one) => one.kind === 'twin')!.key).toBe(`${systems.finess}|780000001`);
    expect(writes('a')).toBe(before);
    expect(await world.store.findings.list(tenant, { state: 'open' })).toHaveLength(3);
  });

  it('puts ours back, leaves the twin to a person, and then finds nothing more to do', async () => {
    const parts = await published();
    const original = await shown('a');
    const changed = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'PUT', `Organization/${changed.id}`, {
      ...changed,
      name: 'à la main',
      alias: ['x'],
    });
    const affiliations = await held(world, 'a', 'OrganizationAffiliation');
    for (const one of affiliations) await byHand(world, 'a', 'DELETE', `OrganizationAffiliation/${one.id}`);
    const { id: _id, ...copy } = await named('a', 'Établissement 780000001');
    const created = await byHand(world, 'a', 'POST', 'Organization', copy);
    const twin = ((await created.json()) as AnyResource).id!;

    const result = await reconcile(parts, scope, { repair: true });
    expect(result.repaired).toBe(3);
    expect(result.drift.filter((one) => one.state === 'open')).toMatchObject([
      { kind: 'twin', localId: twin },
    ]);
    expect((await shown('a')).filter((one) => (one as AnyResource).id !== twin)).toEqual(original);

    await byHand(world, 'a', 'DELETE', `Organization/${twin}`);
    const before = writes('a');
    const again = await reconcile(parts, scope, { repair: true });
    expect(again).toMatchObject({ drift: [], repaired: 0 });
    expect(writes('a')).toBe(before);
    expect((await world.store.findings.list(tenant)).map((one) => [one.kind, one.state]).sort()).toEqual([
      ['changed', 'repaired'],
      ['deleted', 'repaired'],
      ['deleted', 'repaired'],
      ['twin', 'gone'],
    ]);
    expect((await plan(publishParts(world), tenant, networks)).servers[0]!.changes).toEqual([]);
  });

  it('recreates under a new id where the server gives ids, and mends what pointed to the old one', async () => {
    const parts = await published({ servers: [{ id: 'a', ids: 'server' }] });
    for (const one of await held(world, 'a', 'OrganizationAffiliation'))
      await byHand(world, 'a', 'DELETE', `OrganizationAffiliation/${one.id}`);
    const [place] = await held(world, 'a', 'Location');
    await byHand(world, 'a', 'DELETE', `Location/${place!.id}`);
    const gone = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'DELETE', `Organization/${gone.id}`);
    const result = await reconcile(parts, scope, { repair: true });
    expect(result.drift).toHaveLength(4);
    expect(result.repaired).toBe(4);
    const back = await named('a', 'Réseau n1');
    expect(back.id).not.toBe(gone.id);
    for (const one of await held(world, 'a', 'OrganizationAffiliation'))
      expect(one).toMatchObject({ organization: { reference: `Organization/${back.id}` } });
    const before = writes('a');
    expect((await reconcile(parts, scope, { repair: true })).drift).toEqual([]);
    expect(writes('a')).toBe(before);
  });

  it('tells what never was there from what was deleted', async () => {
    const parts = await published();
    const other = await openWorld();
    try {
      // The hospital restored an empty server at the same place: nothing of ours was ever there.
      parts.servers = new Map([['a', other.servers.get('a')!]]);
      const { drift } = await reconcile(parts, scope);
      expect(new Set(drift.map((one) => one.kind))).toEqual(new Set(['missing']));
      expect(drift).toHaveLength(6);
    } finally {
      await other.close();
    }
  });

  it('takes a new version with the same content for no drift', async () => {
    const parts = await published();
    const ours = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, name: 'autre' });
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, ours);
    expect((await reconcile(parts, scope)).drift).toEqual([]);
    const [row] = await world.store.references.find([tenant], 'a', [
      'https://passerelle.example/fhir/network|n1',
    ]);
    expect(row).toMatchObject({ versionId: '3' });
  });

  it('finds what lost its tag or was published to a server that cannot list by tag', async () => {
    const parts = await published();
    world.hospitals.get('a')!.setFaults(({ path }) =>
      path.includes('_tag=')
        ? {
            kind: 'answer',
            status: 400,
            headers: { 'content-type': 'application/fhir+json' },
            body: refusal,
          }
        : undefined,
    );
    const ours = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, meta: {}, name: 'sans étiquette' });
    const result = await reconcile(parts, scope);
    expect(result.servers).toMatchObject([{ method: 'read', checked: 6 }]);
    expect(result.drift).toMatchObject([{ kind: 'changed' }]);
  });

  it('does not overwrite a second change that comes between reading and repairing', async () => {
    const parts = await published();
    const ours = await named('a', 'Réseau n1');
    const path = `Organization/${ours.id}`;
    await byHand(world, 'a', 'PUT', path, { ...ours, name: 'première main' });
    // The person is faster than the repair: every transaction of ours is answered late until they are done.
    let second: Promise<unknown> | undefined;
    world.hospitals.get('a')!.setFaults(({ method, path: at, headers }) => {
      if (method !== 'POST' || at.length > 1 || second || !String(headers['prefer']).includes('minimal'))
        return undefined;
      second = byHand(world, 'a', 'PUT', path, { ...ours, name: 'seconde main' });
      return { kind: 'answer', status: 503 };
    });
    const result = await reconcile(parts, scope, { repair: true, waitMs: 8_000 });
    await second;
    expect(result.repaired).toBe(0);
    expect(await named('a', 'seconde main')).toMatchObject({ id: ours.id });
    expect((await items(world)).at(-1)).toMatchObject({ state: 'parked' });
    expect(await reconcile(parts, scope, { repair: true })).toMatchObject({ repaired: 1 });
    expect(await named('a', 'Réseau n1')).toMatchObject({ id: ours.id });
  });

  it('goes on when a server cannot be asked, and keeps its findings', async () => {
    const parts = await published({ servers: [{ id: 'a' }, { id: 'b' }] });
    const ours = await named('a', 'Réseau n1');
    await byHand(world, 'a', 'PUT', `Organization/${ours.id}`, { ...ours, name: 'à la main' });
    await reconcile(parts, scope);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 500 }));
    const result = await reconcile(parts, scope);
    expect(result.servers).toMatchObject([
      { server: 'a', checked: 0, error: expect.stringContaining('Serveur') as unknown },
      { server: 'b', checked: 6 },
    ]);
    expect(await world.store.findings.list(tenant, { state: 'open' })).toHaveLength(1);
    expect(await world.store.runs.list(tenant, 1)).toMatchObject([{ status: 'partial' }]);
  });

  it('does not judge what is on its way', async () => {
    const parts = await published();
    world.hospitals
      .get('a')!
      .setFaults(({ method }) => (method === 'POST' ? { kind: 'answer', status: 503 } : undefined));
    await apply(publishParts(world), scope, [network('n1', ['780000001', '780000002'], 'Nouveau nom')], {
      waitMs: 50,
    });
    world.hospitals.get('a')!.setFaults(undefined);
    const result = await reconcile(parts, scope);
    expect(result.servers).toMatchObject([{ checked: 5 }]);
    expect(result.drift).toEqual([]);
  });
});

const refusal = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-supported' }],
});
