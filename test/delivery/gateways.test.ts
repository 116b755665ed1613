import { afterEach, describe, expect, it } from '@jest/globals';
import { item, items, openWorld, organization, put, tenant, type World } from './world.ts';

let world: World;
afterEach(async () => world.close());

describe('several gateways on one outbox', () => {
  it('share the work: every item is sent once, and in order within its subject', async () => {
    world = await openWorld({ policy: { pollMs: 100 } });
    const gateways = [world.delivery, world.another(), world.another()];
    const order: string[] = [];
    world.effects.set('relay', async (_tx, { id, subject }) => void order.push(`${subject} ${id}`));
    for (const gateway of gateways) gateway.start();
    const many = Array.from({ length: 60 }, (_, i) =>
      item([organization(`x${i}`)], {
        subject: `referral-${i % 7}`,
        lane: i % 2 ? 'clinical' : 'publication',
      }),
    );
    for (const one of many) await put(world, one);
    await gateways[0]!.drain(tenant, {}, AbortSignal.timeout(15_000));
    for (const gateway of gateways) await gateway.stop();
    expect((await items(world)).map((one) => [one.state, one.attempts])).toEqual(
      many.map(() => ['delivered', 1]),
    );
    expect(world.hospitals.get('a')!.traffic().writes).toBe(60);
    for (let i = 0; i < 7; i += 1) {
      const ids = order
        .filter((one) => one.startsWith(`referral-${i} `))
        .map((one) => Number(one.split(' ')[1]));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
  });
});

describe('lanes', () => {
  it('let a referral pass while publication keeps the server busy (P-28)', async () => {
    world = await openWorld();
    world.hospitals
      .get('a')!
      .setFaults(({ headers }) =>
        Number(headers['content-length']) > 4_000 ? { kind: 'delay', ms: 1_000 } : undefined,
      );
    const long = (i: number) =>
      item([organization(`p${i}`, { name: 'x'.repeat(4_000) })], {
        lane: 'publication',
        subject: `publication-${i}`,
      });
    const order: string[] = [];
    for (const lane of ['publication', 'clinical'])
      world.effects.set(lane, async () => void order.push(lane));
    await put(world, ...Array.from({ length: 6 }, (_, i) => long(i)));
    world.delivery.start();
    while ((await items(world)).filter((one) => one.state === 'sending').length < 2)
      await world.clock.sleep(10);
    await put(world, item([organization('x')]));
    await world.delivery.drain(tenant, {}, AbortSignal.timeout(15_000));
    await world.delivery.stop();
    expect(order).toEqual(['clinical', ...Array.from({ length: 6 }, () => 'publication')]);
  });
});
