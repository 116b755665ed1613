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

/** Lets `a` answer only once `release` is called, after `call` has been made. */
function hold(call: 'readMany' | 'transaction'): { reached: Promise<void>; release: () => void } {
  const original = world.servers.get('a')!;
  let release: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const held = async <T>(made: Promise<T>): Promise<T> => {
    const answer = await made;
    reach();
    await asleep;
    return answer;
  };
  world.servers.set('a', {
    ...original,
    ...(call === 'readMany'
      ? { readMany: (ids) => held(original.readMany(ids)) }
      : { transaction: (entries) => held(original.transaction(entries)) }),
  });
  return { reached: reached.then(() => void world.servers.set('a', original)), release };
}

describe('a lease', () => {
  it('is not taken over by a gateway whose clock is ahead', async () => {
    world = await openWorld();
    const { reached, release } = hold('transaction');
    await put(world, item([organization('x')]));
    const sending = world.delivery.runOnce();
    await reached;
    world.clock.advance(60_000);
    expect(await world.another().runOnce()).toBe(0);
    release();
    await sending;
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  it('that was lost while the gateway slept is noticed before anything is written', async () => {
    world = await openWorld();
    const { reached, release } = hold('readMany');
    await put(world, item([organization('x')]));
    const slept = world.another({ heartbeatMs: 3_600_000, leaseMs: 200 }).runOnce();
    await reached;
    await world.clock.sleep(300);
    await world.delivery.runOnce();
    release();
    await slept;
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(world.hospitals.get('a')!.traffic().writes).toBe(1);
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
