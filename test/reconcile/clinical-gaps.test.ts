import { afterEach, describe, expect, it } from '@jest/globals';
import { clinicalGaps, lostReceipts } from '../../src/reconcile/clinical-gaps.ts';
import {
  byHand,
  held,
  item,
  items,
  openWorld,
  organization,
  put,
  runAll,
  tenant,
  type World,
} from '../delivery/world.ts';

let world: World;
afterEach(async () => world.close());

const gaps = () => clinicalGaps(world.store, tenant, world.servers);
const lost = () => lostReceipts(world.store, world.servers, tenant, new Date(world.clock.now()));

describe('clinicalGaps', () => {
  it('is empty when every accepted item has its receipt and the server still has the resource', async () => {
    world = await openWorld();
    await put(world, item([organization('x')], { referralId: 'r1' }));
    await runAll(world.delivery);
    expect(await gaps()).toEqual([]);
    expect(await lost()).toEqual({ gaps: [], unasked: new Map() });
  });

  it('lists each item without a receipt, with why and until when (P-32)', async () => {
    world = await openWorld();
    await put(
      world,
      item([organization('x', { partOf: 'nowhere' })], { referralId: 'r1' }),
      item([organization('y')], { referralId: 'r1' }),
    );
    await runAll(world.delivery);
    world.hospitals
      .get('a')!
      .setFaults(() => ({ kind: 'answer', status: 503, headers: { 'retry-after': '60' } }));
    await put(world, item([organization('z')], { referralId: 'r2', subject: 'referral-2' }));
    await runAll(world.delivery);
    const listed = await gaps();
    expect(listed.map((gap) => [gap.referral, gap.until === undefined])).toEqual([
      ['r1', true],
      ['r1', false],
      ['r2', false],
    ]);
    expect(listed[0]!.reason).toContain('n’existe pas encore sur ce serveur');
    expect(listed[2]!.reason).toContain('HTTP 503');
    expect(listed.every((gap) => gap.reason.length > 0)).toBe(true);
  });

  it('says behind what an item waits', async () => {
    world = await openWorld();
    await put(
      world,
      item([organization('x', { partOf: 'nowhere' })], { referralId: 'r1' }),
      item([organization('y')], { referralId: 'r1' }),
    );
    await runAll(world.delivery);
    const [first] = await items(world);
    expect((await gaps())[1]!.reason).toBe(`Attend l’envoi n° ${first!.id}, mis de côté.`);
  });

  it('says so when the server of an item is no longer configured (P-32)', async () => {
    world = await openWorld();
    await put(world, item([organization('x')], { serverId: 'former', referralId: 'r1' }));
    await runAll(world.delivery);
    expect((await gaps())[0]!.reason).toContain('n’est plus dans la configuration');
  });

  it('lists an accepted referral for which nothing was ever put into the outbox', async () => {
    world = await openWorld();
    await world.store.referrals.insert({
      ...{ tenant, id: 'r9', networkId: 'n1', state: 'requested', orderKey: 's|1', contentHash: 'h' },
      ...{
        placerClient: 'c',
        placerServer: null,
        candidate: 1,
        fulfillerServer: 'a',
        patientId: 'p',
        orderId: 'o',
      },
      ...{ taskId: 't', carePlanId: null, acceptedAt: new Date(world.clock.now()), closedAt: null },
    });
    expect(await gaps()).toMatchObject([{ referral: 'r9', server: 'a', kind: 'unsent' }]);
    expect(await clinicalGaps(world.store, 'paca', world.servers)).toEqual([]);
  });

  it('lists a receipt whose resource the server has no more, and a server that cannot be asked', async () => {
    world = await openWorld();
    await put(world, item([organization('x'), organization('y')], { referralId: 'r1' }));
    await runAll(world.delivery);
    const [first] = await held(world, 'a', 'Organization');
    await byHand(world, 'a', 'DELETE', `Organization/${first!.id}`);
    expect((await lost()).gaps).toMatchObject([{ referral: 'r1', server: 'a', kind: 'relay' }]);
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'answer', status: 500 }));
    const unasked = await lost();
    expect(unasked.gaps).toEqual([]);
    expect(unasked.unasked.get('a')).toContain('Serveur');
  });

  it('reads documents one by one, and everything else some at a time', async () => {
    world = await openWorld();
    const receipts = Array.from({ length: 150 }, (_, n) => ({
      ...{ tenant, serverId: 'a', referralId: 'r1', kind: 'relay', receivedAt: new Date(0) },
      ...{ type: n % 50 === 0 ? 'Binary' : 'Task', localId: `${n}` },
    }));
    const asked: string[][] = [];
    const server = {
      readMany: (ids: readonly { type: string }[]) => {
        asked.push(ids.map(({ type }) => type));
        return Promise.resolve(ids.map(() => ({ state: 'missing' as const })));
      },
    };
    const store = { receipts: { clinical: () => Promise.resolve(receipts) } };
    const { gaps } = await lostReceipts(
      store as never,
      new Map([['a', server as never]]),
      tenant,
      new Date(),
    );
    expect(gaps).toHaveLength(150);
    expect(asked.map((types) => [types.length, types.includes('Binary')])).toEqual([
      ...[64, 64, 19].map((length) => [length, false]),
      ...[1, 1, 1].map((length) => [length, true]),
    ]);
  });
});
