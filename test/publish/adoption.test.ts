import { afterEach, describe, expect, it } from '@jest/globals';
import { networkSystem } from '../../src/fhir/names.ts';
import { requireAdoptable } from '../../src/gateway/require-adoptable.ts';
import type { Plan } from '../../src/operations.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { rollback } from '../../src/publish/rollback.ts';
import { byHand, held, openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const typed = {
  resourceType: 'Organization',
  identifier: [{ system: networkSystem, value: 'n1' }],
  active: true,
  name: 'Filière saisie à la main',
  telecom: [{ system: 'phone', value: '0102030405' }],
};
const organisations = async () => held(world, 'a', 'Organization');

describe.each(['client', 'server'] as const)('what somebody typed before us, ids given by the %s', (ids) => {
  it('is proposed for adoption, and neither written nor doubled until a person confirms', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids }] });
    const parts = publishParts(world);
    await byHand(world, 'a', 'POST', 'Organization', typed);
    const planned = await plan(parts, tenant, [network('n1')]);
    expect(planned.servers[0]!.counts).toMatchObject({ create: 0, adopt: 1, blocked: 1 });
    const adopt = planned.servers[0]!.changes.find(({ op }) => op === 'adopt')!;
    expect(adopt.fields).toContainEqual(
      expect.objectContaining({ path: 'name', before: 'Filière saisie à la main', after: 'Réseau n1' }),
    );
    const applied = await apply(parts, scope, [network('n1')]);
    expect(applied.servers).toEqual([{ server: 'a', written: 0, parked: 0, waiting: 0 }]);
    expect(await organisations()).toMatchObject([{ name: typed.name, meta: { versionId: '1' } }]);
    expect((await world.store.runs.list(tenant, 1))[0]).toMatchObject({ status: 'partial' });
  });

  it('becomes ours at its own id when it is confirmed by key, and a plan has nothing left', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids }] });
    const parts = publishParts(world);
    await byHand(world, 'a', 'POST', 'Organization', typed);
    const [before] = await organisations();
    await apply(parts, scope, [network('n1')], { adopt: [`${networkSystem}|n1`] });
    expect(await organisations()).toMatchObject([
      { id: before!.id, name: 'Réseau n1', meta: { versionId: '2' } },
    ]);
    expect(await world.store.deployed.list([tenant], 'a')).toContainEqual(
      expect.objectContaining({ type: 'Organization', class: 'adopted', active: true }),
    );
    expect((await plan(parts, tenant, [network('n1')])).servers[0]!.changes).toEqual([]);
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')]);
    expect(await organisations()).toMatchObject([{ id: before!.id, name: 'Nouveau nom' }]);
  });

  it('is given back as it was when the adoption is undone, and proposed again afterwards', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids }] });
    const parts = publishParts(world);
    await byHand(world, 'a', 'POST', 'Organization', typed);
    const { run } = await apply(parts, scope, [network('n1')], { adopt: ['*'] });
    await apply(parts, scope, [network('n1', [], 'Nouveau nom')]);
    const back = await rollback(parts, scope, [network('n1', [], 'Nouveau nom')], { run, confirm: true });
    expect(back.plan.servers[0]!.counts).toMatchObject({ release: 1, close: 1 });
    const [now, ...others] = await organisations();
    expect(others).toEqual([]);
    const { id: _id, meta: _meta, ...content } = now!;
    expect(content).toEqual(typed);
    const rows = await world.store.deployed.list([tenant], 'a');
    expect(rows.filter(({ type }) => type === 'Organization')).toEqual([]);
    const again = await plan(parts, tenant, [network('n1')], { release: ['n1'] });
    expect(again.servers[0]!.counts).toMatchObject({ adopt: 1 });
  });

  it('is left alone when the server has it twice', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids }] });
    await byHand(world, 'a', 'POST', 'Organization', typed);
    await byHand(world, 'a', 'POST', 'Organization', { ...typed, name: 'Doublon' });
    const applied = await apply(publishParts(world), scope, [network('n1')], { adopt: ['*'] });
    expect(applied.plan.servers[0]!.counts).toMatchObject({ create: 0, adopt: 0, blocked: 2 });
    expect(applied.plan.servers[0]!.issues).toMatchObject([{ rule: 'twin' }]);
    expect((await organisations()).map((one) => one.meta?.versionId)).toEqual(['1', '1']);
  });
});

describe('a key to adopt that nobody proposed', () => {
  const adopting = (adopt: string[]) => ({ adopt, accept: (made: Plan) => requireAdoptable(made, adopt) });

  it('is refused with the nearest of those that are, before anything is written', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await byHand(world, 'a', 'POST', 'Organization', typed);
    const asked = [network('n1', ['780000001']), network('n2')];
    const key = `${networkSystem}|n1`;
    const refused = apply(parts, scope, asked, adopting([`${networkSystem}|n1x`]));
    await expect(refused).rejects.toMatchObject({
      ...{ category: 'not-found', side: 'sender' },
      message: `Clé à adopter inconnue : « ${networkSystem}|n1x ». Vouliez-vous dire « ${key} » ? Proposées : ${key}. Rien n’est écrit.`,
    });
    expect(await organisations()).toHaveLength(1);
    expect(await world.store.runs.list(tenant, 1)).toEqual([]);
    await apply(parts, scope, asked, adopting([key]));
    await expect(apply(parts, scope, asked, adopting(['x|y']))).rejects.toMatchObject({
      message: 'Clé à adopter inconnue : « x|y ». Rien n’est à adopter. Rien n’est écrit.',
    });
  });

  it('is let be where the server could not be asked: it may turn out to be there', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 503 }));
    const args = { ...adopting([`${networkSystem}|n1`]), waitMs: 50 };
    await expect(apply(parts, scope, [network('n1')], args)).resolves.toMatchObject({ servers: [{}] });
    const other = { ...adopting([`${networkSystem}|n9`]), waitMs: 50 };
    await expect(apply(parts, scope, [network('n1')], other)).rejects.toMatchObject({
      category: 'not-found',
    });
  });
});

describe('an adoption under way', () => {
  it('does not overwrite what the person wrote after the plan was made', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    await byHand(world, 'a', 'PUT', 'Organization/typed', typed);
    let sent = false;
    world.hospitals.get('a')!.setFaults(({ headers }) => {
      if (!String(headers['prefer']).includes('return=minimal') || sent) return undefined;
      sent = true;
      return { kind: 'answer', status: 503 };
    });
    await apply(parts, scope, [network('n1')], { adopt: ['*'], waitMs: 50 });
    await byHand(world, 'a', 'PUT', 'Organization/typed', { ...typed, name: 'Corrigée entre-temps' });
    world.clock.advance(60_000);
    await world.delivery.drain(tenant, {}, AbortSignal.timeout(5_000));
    expect(await organisations()).toMatchObject([{ name: 'Corrigée entre-temps' }]);
  });
});
