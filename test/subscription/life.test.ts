/** The life of a subscription: handshake, events in order, heartbeats, error and the way back, with rights asked each time. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createSubscription, removeSubscription, updateSubscription } from '../../src/subscription/act.ts';
import { subscriptionEvents, subscriptionStatus } from '../../src/subscription/ask.ts';
import { beat } from '../../src/subscription/heart.ts';
import { extensionUrls } from '../../src/subscription/topics.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { testValidator } from '../validator.ts';
import { base, emptied, startWorld, tenant, told, type World } from './world.ts';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await startWorld(await emptied(database));
});
afterEach(() => world.close());

const create = async (
  change: Record<string, unknown> = {},
  client = 'ghu',
): Promise<AnyResource & { id: string }> =>
  (await createSubscription(world.context, world.who(client), world.wanted(change))) as AnyResource & {
    id: string;
  };
const active = async (change: Record<string, unknown> = {}, client = 'ghu') => {
  const created = await create(change, client);
  await world.deliver();
  world.posts.length = 0;
  return created;
};
const update = (id: string, change: Record<string, unknown> = {}, client = 'ghu', version?: number) =>
  updateSubscription(world.context, world.who(client), { ...world.wanted(change), id }, version);
const row = async (id: string) => (await world.store.subscriptions.get(tenant, id))!;
const types = () => world.posts.map(({ bundle }) => told(bundle, 'type'));
const numbers = () => world.posts.map(({ bundle }) => told(bundle, 'events-since-subscription-start'));
const day = 24 * 60 * 60_000;
/** Time for every try there will be. */
const exhaust = async (): Promise<void> => {
  world.advance(3 * day + 60_000);
  await world.deliver();
};

describe('a subscription that is asked for', () => {
  it('is requested until its handshake is answered 2xx, then active (SUB-02)', async () => {
    const created = await create();
    expect(created).toMatchObject({ resourceType: 'Subscription', status: 'requested' });
    expect(world.posts).toEqual([]);
    await world.deliver();
    expect(types()).toEqual(['handshake']);
    expect(world.posts[0]!.headers).toMatchObject({
      authorization: 'Bearer secret-of-the-subscriber',
      'content-type': 'application/fhir+json',
    });
    expect((await row(created.id)).status).toBe('active');
  });

  it.each([
    ['404', 404, {}],
    ['a redirect, which is not followed', 302, { location: 'http://127.0.0.1:1/elsewhere' }],
  ])('is in error when the handshake is answered %s, saying why (SUB-02)', async (_what, status, headers) => {
    Object.assign(world.subscriber, { status, headers });
    const { id } = await create();
    await world.deliver();
    expect(world.posts).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'error', error: expect.stringContaining(String(status)) });
  });

  it('is in error when nobody answers the handshake within a minute (SUB-02)', async () => {
    world.subscriber.status = 503;
    const { id } = await create();
    await world.deliver();
    expect((await row(id)).status).toBe('requested');
    world.advance(61_000);
    await world.deliver();
    expect((await row(id)).status).toBe('error');
  });

  it('never shows its headers again', async () => {
    const { id } = await active();
    const shown = [await update(id), (await row(id)).body];
    expect(JSON.stringify(shown)).not.toContain('secret-of-the-subscriber');
  });

  it('is refused outside the origins of the configuration', async () => {
    await expect(create({ channel: { endpoint: 'http://127.0.0.1:1/alertes' } })).rejects.toMatchObject({
      category: 'forbidden',
      side: 'sender',
    });
    expect(await world.store.subscriptions.of(tenant)).toEqual([]);
  });

  it('is refused as the fifty-first', async () => {
    for (let n = 0; n < 50; n += 1) await create();
    await expect(create()).rejects.toThrow('Au plus 50');
  });
});

describe('an active subscription', () => {
  it('is told which Task changed and nothing of it, as R4 Backport has it (SUB-03, SUB-04, SUB-05)', async () => {
    const { id } = await active();
    const referral = await world.referral();
    await world.move(referral, 'requested');
    await world.move(referral, 'accepted');
    await world.deliver();
    expect(numbers()).toEqual(['1', '2']);
    const [first, second] = world.posts.map(({ bundle }) => bundle);
    expect(first).toMatchObject({
      resourceType: 'Bundle',
      type: 'history',
      entry: [
        {
          resource: { resourceType: 'Parameters' },
          request: { method: 'GET', url: `${base}/Subscription/${id}/$status` },
        },
        { fullUrl: `${base}/Task/${referral.taskId}`, request: { method: 'POST', url: 'Task' } },
      ],
    });
    expect((second!['entry'] as object[])[1]).toMatchObject({
      request: { method: 'PUT', url: `Task/${referral.taskId}` },
    });
    expect(told(second!, 'notification-event')).toMatchObject([
      { name: 'event-number', valueString: '2' },
      { name: 'timestamp' },
      { name: 'focus', valueReference: { reference: `${base}/Task/${referral.taskId}` } },
    ]);
    expect(world.posts[1]!.text).not.toMatch(/accepted|Patient/);
  });

  it('is told with an empty payload when it asked so: a count, no focus, no other entry (SUB-05)', async () => {
    await active({
      channel: { _payload: { extension: [{ url: extensionUrls.content, valueCode: 'empty' }] } },
    });
    await world.move(await world.referral(), 'requested');
    await world.deliver();
    expect(numbers()).toEqual(['1']);
    expect(world.posts[0]!.bundle['entry']).toHaveLength(1);
    expect(world.posts[0]!.text).not.toContain('/Task/');
  });

  it('never makes two changes wait for each other in a circle, in whatever order they come', async () => {
    const statuses = ['accepted', 'rejected', 'in-progress', 'completed'];
    for (const status of statuses)
      await active({
        _criteria: { extension: [{ url: extensionUrls.filter, valueString: `Task?status=${status}` }] },
      });
    const changes = Array.from({ length: 24 }, async (_, n) => {
      const referrals = await Promise.all(statuses.map(() => world.referral()));
      return () =>
        world.store.transaction(async (tx) => {
          const order = [...referrals.entries()];
          for (const [at, { taskId, patientId }] of n % 2 ? order : order.reverse())
            await tx.clinical.put(
              tenant,
              {
                ...{ resourceType: 'Task', id: taskId, status: statuses[at], intent: 'order' },
                for: { reference: `Patient/${patientId}` },
              },
              new Date(),
            );
        });
    });
    const ready = await Promise.all(changes);
    await Promise.all(ready.map((change) => change()));
    await world.deliver();
    expect(numbers()).toHaveLength(4 * 24);
  });

  it('is told what its filter lets through', async () => {
    await active({
      _criteria: { extension: [{ url: extensionUrls.filter, valueString: 'Task?status=accepted,rejected' }] },
    });
    const referral = await world.referral();
    await world.move(referral, 'requested');
    await world.move(referral, 'accepted');
    await world.deliver();
    expect(numbers()).toEqual(['1']);
  });

  it('is told nothing of referrals of others', async () => {
    const { id } = await active({}, 'other');
    await world.move(await world.referral(), 'requested');
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect((await row(id)).events).toBe('0');
  });

  it('is told nothing of what did not happen in the end', async () => {
    const { id } = await active();
    const referral = await world.referral();
    const undone = world.store.transaction(async (tx) => {
      await tx.clinical.put(tenant, { resourceType: 'Task', id: referral.taskId, status: 'x' }, new Date());
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await row(id)).events).toBe('0');
    expect(await world.delivery.runOnce()).toBe(0);
  });

  it('is told the number alone of what it may not know any more when it is sent', async () => {
    const { id } = await active({}, 'ville');
    const referral = await world.referral();
    await world.move(referral, 'requested');
    await world.store.referrals.choose(tenant, referral.id, { n: 2, serverId: 'other', networkId: 'coreso' });
    await world.deliver();
    expect(numbers()).toEqual(['1']);
    expect(world.posts[0]!.text).not.toContain(referral.taskId);
    const events = await subscriptionEvents(world.asking, world.who('ville'), { id });
    expect(JSON.stringify(events)).not.toContain(referral.taskId);
  });

  it('is not called any more at an address that the configuration took away', async () => {
    const { id } = await active();
    await world.move(await world.referral(), 'requested');
    world.clients[0]!.subscriptions!.origins = ['https://elsewhere.example'];
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect((await row(id)).status).toBe('error');
  });

  it('counts on without gap or repetition when many things happen at once', async () => {
    const { id } = await active();
    const referrals = await Promise.all(Array.from({ length: 20 }, () => world.referral()));
    await Promise.all(referrals.map((referral) => world.move(referral, 'requested')));
    await world.deliver();
    expect(numbers()).toEqual(Array.from({ length: 20 }, (_one, index) => String(index + 1)));
    expect((await row(id)).events).toBe('20');
  });

  it('gets a heartbeat when it was told nothing for its period, once, and none before (SUB-06)', async () => {
    const heartbeat = [{ url: extensionUrls.heartbeat, valueUnsignedInt: 60 }];
    await active({ channel: { extension: heartbeat } });
    world.advance(59_000);
    expect(await beat(world)).toBe(0);
    world.advance(2_000);
    const taken = await Promise.all([beat(world), beat(world)]);
    expect(taken.reduce((sum, n) => sum + n)).toBe(1);
    await world.deliver();
    expect(types()).toEqual(['heartbeat']);
    expect(told(world.posts[0]!.bundle, 'events-since-subscription-start')).toBe('0');
  });

  it('ends when it said it would', async () => {
    const { id } = await active({ end: new Date(world.clock.now() + day).toISOString() });
    world.advance(2 * day);
    await world.move(await world.referral(), 'requested');
    await beat(world);
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect((await row(id)).status).toBe('off');
  });

  it('sends Bundles that R4 takes', async () => {
    await active();
    await world.move(await world.referral(), 'requested');
    await world.deliver();
    const { meta: _meta, ...bundle } = world.posts[0]!.bundle;
    const issues = (await testValidator()).validate(bundle, []);
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors.filter(({ expression }) => !expression?.includes('meta.profile'))).toEqual([]);
  });
});

describe('a subscription in error', () => {
  const inError = async () => {
    const { id } = await active();
    const referral = await world.referral();
    world.subscriber.status = 500;
    await world.move(referral, 'requested');
    await exhaust();
    expect((await row(id)).status).toBe('error');
    world.posts.length = 0;
    return { id, referral };
  };

  it('is not called, counts on and still answers $status (SUB-07)', async () => {
    const { id, referral } = await inError();
    await world.move(referral, 'accepted');
    await world.deliver();
    expect(world.posts).toEqual([]);
    const status = await subscriptionStatus(world.asking, world.who('ghu'), { id });
    expect(status).toMatchObject({ type: 'searchset', total: 1 });
    expect(told(status, 'status')).toBe('error');
    expect(told(status, 'type')).toBe('query-status');
    expect(told(status, 'events-since-subscription-start')).toBe('2');
  });

  it('is active again once its subscriber asks and answers, and $events has what it missed (SUB-06)', async () => {
    const { id, referral } = await inError();
    await world.move(referral, 'accepted');
    world.subscriber.status = 200;
    world.advance(60_000);
    expect(await update(id)).toMatchObject({ status: 'requested' });
    await world.deliver();
    await world.move(referral, 'in-progress');
    await world.deliver();
    expect(types()).toEqual(['handshake', 'event-notification']);
    expect(numbers()).toEqual(['2', '3']);
    const missed = await subscriptionEvents(world.asking, world.who('ghu'), { id, since: '1', until: '2' });
    expect(missed).toMatchObject({ type: 'history' });
    expect(told(missed, 'type')).toBe('query-event');
    expect(missed['entry']).toHaveLength(3);
  });

  it('keeps the secret that was given first, unless it asks for another address', async () => {
    const { id } = await inError();
    world.subscriber.status = 200;
    world.advance(60_000);
    await update(id, { channel: { header: undefined } });
    await world.deliver();
    await update(id, { channel: { header: undefined, endpoint: `${world.origin}/ailleurs` } });
    await world.deliver();
    const secrets = world.posts.map(({ headers }) => headers['authorization']);
    expect(secrets).toEqual(['Bearer secret-of-the-subscriber', undefined]);
  });
});

describe('what a client does to a subscription', () => {
  it('is refused under a stale version, whoever changed it: a handshake did', async () => {
    const created = await create();
    await world.deliver();
    const version = Number((created.meta as { versionId: string }).versionId);
    await expect(update(created.id, {}, 'ghu', version)).rejects.toMatchObject({ category: 'conflict' });
  });

  it('cannot make it active by its word', async () => {
    const { id } = await create();
    await expect(update(id, { status: 'active' })).rejects.toMatchObject({ category: 'unprocessable' });
    await expect(create({ status: 'active' })).rejects.toMatchObject({ category: 'unprocessable' });
  });

  it('switches it off, and what waited is not sent', async () => {
    const { id } = await active();
    await world.move(await world.referral(), 'requested');
    expect(await update(id, { status: 'off' })).toMatchObject({ status: 'off' });
    await world.deliver();
    expect(world.posts).toEqual([]);
  });

  it('takes it away, as often as it likes', async () => {
    const { id } = await active();
    await world.move(await world.referral(), 'requested');
    for (let n = 0; n < 2; n += 1) await removeSubscription(world.context, world.who('ghu'), id);
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(await world.store.subscriptions.get(tenant, id)).toBeUndefined();
  });

  it('is none of another client’s business', async () => {
    const { id } = await active();
    const unknown = { category: 'not-found' };
    const other = world.who('other');
    await removeSubscription(world.context, other, id);
    await expect(update(id, {}, 'other')).rejects.toMatchObject(unknown);
    await expect(subscriptionStatus(world.asking, other, { id })).rejects.toMatchObject(unknown);
    await expect(subscriptionEvents(world.asking, other, { id })).rejects.toMatchObject(unknown);
    expect((await row(id)).status).toBe('active');
    expect(await subscriptionStatus(world.asking, other, {})).toMatchObject({ total: 0 });
  });

  it.each(['-1', '1.5', 'x', '9'.repeat(30)])('is refused to ask for events from %s', async (since) => {
    const { id } = await active();
    await expect(subscriptionEvents(world.asking, world.who('ghu'), { id, since })).rejects.toMatchObject({
      category: 'unprocessable',
    });
  });

  it('counts beyond what a number holds (SUB-04)', async () => {
    const { id } = await active();
    const { sql } = await import('kysely');
    await sql`update subscription set events = 9007199254740993 where id = ${id}`.execute(world.store.db);
    await world.move(await world.referral(), 'requested');
    await world.deliver();
    expect(numbers()).toEqual(['9007199254740994']);
    const asked = { id, since: '9007199254740994' };
    expect((await subscriptionEvents(world.asking, world.who('ghu'), asked))['entry']).toHaveLength(2);
  });
});
