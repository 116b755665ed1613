import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { WriteEntry } from '../../src/delivery/types.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { logicalId } from '../../src/fhir/key.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import {
  byHand,
  held,
  item,
  items,
  loseFirstAnswer,
  networkKey,
  openWorld,
  organization,
  put,
  runAll,
  tenant,
  type World,
} from './world.ts';

let world: World;
afterEach(async () => world.close());

const reasonOf = async (
  index: number,
): Promise<{ category: string; side: string; message: string; until?: string }> =>
  (await items(world))[index]!.reason as never;

describe('delivery', () => {
  it('writes an item as one transaction and keeps receipt, reference and effect together', async () => {
    world = await openWorld();
    const seen: string[] = [];
    world.effects.set('relay', async (tx, done, receipts) => {
      seen.push(`${done.kind} ${receipts.map((receipt) => receipt.status).join()}`);
      await tx.runs.start(tenant, { id: 'r', kind: 'effect', actor: 'test', startedAt: new Date() });
    });
    await put(world, item([organization('x/rcp', { partOf: 'x' }), organization('x')]));
    await runAll(world.delivery);

    const ids = ['x', 'x/rcp'].map((value) => logicalId('Organization', networkKey(value)));
    const there = await held(world, 'a', 'Organization');
    expect(there.map((one) => one.id).sort()).toEqual([...ids].sort());
    expect(there.find((one) => one.id === ids[1])).toMatchObject({
      partOf: { reference: `Organization/${ids[0]}` },
    });
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 1, reason: null }]);
    expect(seen).toHaveLength(1);
    expect(await world.store.runs.list(tenant, 5)).toHaveLength(1);
    const references = await world.store.references.list([tenant], 'a');
    expect(references).toMatchObject([{ localId: ids[0], versionId: '1', ours: true }, { localId: ids[1] }]);
  });

  it('creates at a server that gives its own ids, and links what one transaction creates', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids: 'server' }] });
    await put(world, item([organization('x/rcp', { partOf: 'x' }), organization('x')]));
    await put(world, item([organization('y', { partOf: 'x' })]));
    await runAll(world.delivery);
    const there = await held(world, 'a', 'Organization');
    const parent = there.find((one) => one['name'] === 'Réseau x')!;
    expect(parent.id).not.toMatch(/^pas-/);
    const children = there.filter((one) => one !== parent);
    expect(children.map((one) => one['partOf'])).toEqual([
      { reference: `Organization/${parent.id}` },
      { reference: `Organization/${parent.id}` },
    ]);
  });

  it.each(['client', 'server'] as const)(
    'writes once when the answer is lost after the write, ids given by the %s (P-18)',
    async (ids) => {
      world = await openWorld({ servers: [{ id: 'a', ids }], policy: { baseMs: 1 } });
      loseFirstAnswer(world);
      await put(world, item([organization('x'), organization('x/rcp', { partOf: 'x' })]));
      await world.delivery.drain(tenant, { subject: 'referral-1' }, AbortSignal.timeout(10_000));
      expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
      const there = await held(world, 'a', 'Organization');
      expect(there).toHaveLength(2);
      expect(there.every((one) => one.meta?.versionId === '1')).toBe(true);
    },
  );

  it('keeps the order of a subject and sends subjects independently', async () => {
    world = await openWorld();
    const name = async () => (await held(world, 'a', 'Organization')).map((one) => one['name']);
    await put(
      world,
      item([organization('x', { name: 'first' })]),
      item([organization('x', { name: 'second' })]),
    );
    await put(world, item([organization('y')], { subject: 'referral-2' }));
    expect(await world.delivery.runOnce()).toBe(2);
    expect((await name()).sort()).toEqual(['Réseau y', 'first']);
    expect(await world.delivery.runOnce()).toBe(1);
    expect((await name()).sort()).toEqual(['Réseau y', 'second']);
  });

  it('parks what points to nothing, and holds back only what comes after it in its subject (P-28)', async () => {
    world = await openWorld();
    await put(world, item([organization('x', { partOf: 'nowhere' })]), item([organization('y')]));
    await put(world, item([organization('z')], { subject: 'referral-2' }));
    await runAll(world.delivery);
    expect((await items(world)).map((one) => one.state)).toEqual(['parked', 'queued', 'delivered']);
    expect(await reasonOf(0)).toMatchObject({ category: 'unprocessable', side: 'gateway' });
    expect((await reasonOf(0)).message).not.toContain('nowhere');
    const drained = await world.delivery.drain(tenant, { subject: 'referral-1' });
    expect(drained).toMatchObject([{ written: 0, parked: 1, waiting: 1 }]);

    await put(world, item([organization('nowhere')], { subject: 'referral-3' }));
    await runAll(world.delivery);
    expect(await world.delivery.retry(tenant, { subject: 'referral-1' })).toBe(1);
    await runAll(world.delivery);
    expect((await items(world)).every((one) => one.state === 'delivered')).toBe(true);
  });

  it('parks at once what the server refuses for good', async () => {
    world = await openWorld();
    world.hospitals
      .get('a')!
      .setFaults(({ method }) =>
        method === 'POST' ? { kind: 'answer', status: 422, headers: fhir, body: outcome } : undefined,
      );
    await put(world, item([organization('x')]));
    await runAll(world.delivery);
    expect(await items(world)).toMatchObject([{ state: 'parked', attempts: 1 }]);
    expect(await reasonOf(0)).toMatchObject({ category: 'unprocessable' });
  });

  it('waits as long as the server asks for, and says so (P-35)', async () => {
    world = await openWorld();
    world.hospitals
      .get('a')!
      .setFaults(() => ({ kind: 'answer', status: 429, headers: { 'retry-after': '120' } }));
    await put(
      world,
      item([organization('x')]),
      item([organization('y')], { subject: 'referral-2', lane: 'publication' }),
    );
    await world.delivery.runOnce();
    const before = world.hospitals.get('a')!.traffic();
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(119_000);
    expect(await world.delivery.runOnce()).toBe(0);
    expect(world.hospitals.get('a')!.traffic()).toEqual(before);
    for (const index of [0, 1]) {
      expect(await reasonOf(index)).toMatchObject({ category: 'throttled', side: 'server' });
      expect((await reasonOf(index)).until).toBeDefined();
    }
    world.clock.advance(2_000);
    await runAll(world.delivery);
    expect((await items(world)).map((one) => one.state)).toEqual(['delivered', 'delivered']);
  });

  it('parks with the last reason what could not be delivered in time', async () => {
    world = await openWorld();
    await world.hospitals.get('a')!.close();
    await put(world, item([organization('x')], { ttlMs: 3_600_000 }));
    await world.delivery.runOnce();
    expect(await items(world)).toMatchObject([{ state: 'queued', attempts: 1 }]);
    expect(await reasonOf(0)).toMatchObject({ side: 'server' });
    world.clock.advance(3_600_001);
    await world.delivery.runOnce();
    expect(await items(world)).toMatchObject([{ state: 'parked', attempts: 1 }]);
    expect((await reasonOf(0)).message).toMatch(/^Délai de remise dépassé\. Dernière cause : Serveur/);
  });

  it('tries a dead server once each half minute, whatever waits for it (P17)', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b' }], policy: { failuresToOpen: 1 } });
    await world.hospitals.get('a')!.close();
    const many = Array.from({ length: 10 }, (_, i) =>
      item([organization(`x${i}`)], { subject: `referral-${i}` }),
    );
    await put(world, ...many.slice(0, 1));
    await world.delivery.runOnce();
    await put(world, ...many.slice(1), item([organization('y')], { serverId: 'b' }));
    world.clock.advance(29_000);
    expect(await world.delivery.runOnce()).toBe(1);
    expect((await items(world)).filter((one) => one.state === 'queued')).toHaveLength(10);
    expect((await items(world)).every((one) => one.state === 'delivered' || one.reason !== null)).toBe(true);
    world.clock.advance(1_000);
    expect(await world.delivery.runOnce()).toBe(1);
    expect(await world.delivery.runOnce()).toBe(0);
  });

  it('takes what is set aside before anybody was asked for no sign of life', async () => {
    world = await openWorld({ policy: { failuresToOpen: 1 } });
    world.prepares.set('relay', async ({ entries, subject }) => {
      if (subject === 'referral-2')
        throw new GatewayError({ category: 'forbidden', side: 'sender', message: 'Plus permis.' });
      return entries;
    });
    await world.hospitals.get('a')!.close();
    await put(world, item([organization('x')], { subject: 'referral-1' }));
    await world.delivery.runOnce();
    await put(world, item([organization('y')], { subject: 'referral-2' }));
    await put(world, item([organization('z')], { subject: 'referral-3' }));
    world.clock.advance(30_000);
    expect(await world.delivery.runOnce()).toBe(1);
    expect((await items(world)).map(({ state }) => state)).toEqual(['queued', 'parked', 'queued']);
    // the server was not asked: another item is the probe, and it alone
    expect(await world.delivery.runOnce()).toBe(1);
    expect(await world.delivery.runOnce()).toBe(0);
    const attempts = (await items(world)).map((one) => one.attempts);
    expect(attempts[0]! + attempts[2]!).toBe(2);
  });

  it('cannot complete an item whose lease it lost, and the next holder reads back instead of writing again', async () => {
    world = await openWorld();
    const second = world.another();
    let release: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (release = resolve));
    const done: string[] = [];
    world.effects.set('relay', async (_tx, _item, receipts) => {
      done.push(receipts[0]!.status);
    });
    // The first gateway sends, then sleeps past its lease before it can record (a stopped process).
    const slow = world.another({ heartbeatMs: 3_600_000, leaseMs: 300 });
    await put(world, item([organization('x')]));
    const original = world.servers.get('a')!;
    world.servers.set('a', {
      ...original,
      transaction: async (entries) => {
        const answer = await original.transaction(entries);
        await asleep;
        return answer;
      },
    });
    const first = slow.runOnce();
    while ((await held(world, 'a', 'Organization')).length === 0) await world.clock.sleep(10);
    world.servers.set('a', original);
    await world.clock.sleep(400);
    expect(await second.runOnce()).toBe(1);
    release();
    await first;
    expect(done).toEqual(['200 Read back']);
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(world.hospitals.get('a')!.traffic().writes).toBe(1);
    expect(await held(world, 'a', 'Organization')).toHaveLength(1);
  });

  it('hands back what is under way when it stops', async () => {
    world = await openWorld({ policy: { stopMs: 50 } });
    world.hospitals.get('a')!.setFaults(() => ({ kind: 'delay', ms: 800 }));
    await put(world, item([organization('x')]));
    world.delivery.start();
    while ((await items(world))[0]!.state !== 'sending') await world.clock.sleep(10);
    await world.delivery.stop();
    expect(await items(world)).toMatchObject([{ state: 'queued', attempts: 1 }]);
    await world.store.outbox.explain('a', { message: 'Ne répond pas.' }, false);
    expect(await items(world)).toMatchObject([{ reason: { message: 'Ne répond pas.' } }]); // P-32
    world.hospitals.get('a')!.setFaults(undefined);
    await world.clock.sleep(1_000);
    world.clock.advance(5_000);
    await world.another().runOnce();
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ meta: { versionId: '1' } }]);
  });

  it('wakes when an item is committed', async () => {
    world = await openWorld({ policy: { pollMs: 60_000 } });
    world.delivery.start();
    await world.clock.sleep(200);
    await put(world, item([organization('x')]));
    const drained = await world.delivery.drain(tenant, { subject: 'referral-1' }, AbortSignal.timeout(5_000));
    await world.delivery.stop();
    expect(drained).toEqual([{ serverId: 'a', written: 1, parked: 0, waiting: 0, setAside: 0 }]);
  });

  it('goes on after the database broke every connection (P-30)', async () => {
    world = await openWorld({ policy: { pollMs: 50 } });
    world.delivery.start();
    await world.clock.sleep(200);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(world.store.db);
    await world.clock.sleep(200);
    await put(world, item([organization('x')]));
    await world.delivery.drain(tenant, { subject: 'referral-1' }, AbortSignal.timeout(5_000));
    await world.delivery.stop();
    expect(await items(world)).toMatchObject([{ state: 'delivered' }]);
  });

  it('refuses an item without entries, with too many, or with one resource twice (P-19)', async () => {
    world = await openWorld();
    const twice = [organization('x'), organization('x')];
    const many = Array.from({ length: 65 }, (_, i) => organization(`x${i}`));
    for (const entries of [[], twice, many])
      await expect(put(world, item(entries))).rejects.toMatchObject({ category: 'fault' });
    expect(await items(world)).toEqual([]);
  });

  it('puts the bytes of a document into its Binary when it is sent, never into the outbox', async () => {
    world = await openWorld();
    world.documents.set('doc-1', Buffer.from('%PDF-1.7 synthèse'));
    await put(world, item(documentEntries()));
    await runAll(world.delivery);
    const id = logicalId('Binary', binaryKey);
    expect((await world.servers.get('a')!.binary(id)).bytes.toString()).toBe('%PDF-1.7 synthèse');
    expect(await held(world, 'a', 'DocumentReference')).toMatchObject([
      { content: [{ attachment: { url: `Binary/${id}` } }] },
    ]);
    const stored = await world.store.db.selectFrom('outbox').select('payload').execute();
    expect(JSON.stringify(stored)).not.toContain('JVBERi');
  });

  it('finds a document again through what points to it, where the server gives ids and the answer was lost', async () => {
    world = await openWorld({ servers: [{ id: 'a', ids: 'server' }], policy: { baseMs: 1 } });
    world.documents.set('doc-1', Buffer.from('%PDF-1.7 synthèse'));
    loseFirstAnswer(world);
    await put(world, item(documentEntries()));
    await world.delivery.drain(tenant, { subject: 'referral-1' }, AbortSignal.timeout(10_000));
    expect(await items(world)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const [reference] = await held(world, 'a', 'DocumentReference');
    const { content } = reference as unknown as { content: { attachment: { url: string } }[] };
    const receipts = await world.store.db
      .selectFrom('receipt')
      .select(['type', 'local_id', 'status'])
      .execute();
    expect(receipts.find((one) => one.type === 'Binary')).toEqual({
      type: 'Binary',
      local_id: content[0]!.attachment.url.replace('Binary/', ''),
      status: '200 Read back',
    });
    expect(world.hospitals.get('a')!.traffic().writes).toBe(1);
  });

  it('lets a last look decide what is sent, and takes what it throws for the outcome', async () => {
    world = await openWorld();
    world.prepares.set('relay', async ({ entries, subject }) => {
      if (subject === 'referral-2')
        throw new GatewayError({ category: 'ambiguous', side: 'server', message: 'Deux.' });
      return entries.filter((entry) => entry.key !== networkKey('y'));
    });
    await put(world, item([organization('x'), organization('y')]));
    await put(world, item([organization('z')], { subject: 'referral-2' }));
    await runAll(world.delivery);
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'Réseau x' }]);
    expect((await items(world)).map((one) => one.state)).toEqual(['delivered', 'parked']);
    expect(await reasonOf(1)).toMatchObject({ category: 'ambiguous', message: 'Deux.' });
  });

  it('never overwrites a clinical resource that somebody moved: retried within bounds, then parked (P-23)', async () => {
    world = await openWorld({ policy: { baseMs: 0, conflictAttempts: 3 } });
    await put(world, item([organization('x')]));
    await runAll(world.delivery);
    const [ours] = await held(world, 'a', 'Organization');
    await byHand(world, 'a', 'PUT', `Organization/${ours!.id}`, { ...ours!, name: 'par une personne' });
    await put(world, item([organization('x', { name: 'par nous' })]));
    await runAll(world.delivery);
    expect((await items(world))[1]).toMatchObject({ state: 'parked', attempts: 3 });
    expect(await held(world, 'a', 'Organization')).toMatchObject([{ name: 'par une personne' }]);
  });
});

const fhir = { 'content-type': 'application/fhir+json' };
const outcome = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'invalid' }],
});

const binaryKey = 'urn:ietf:rfc:3986|urn:uuid:doc-1';

/** A document and the reference to it, as a referral sends them. */
function documentEntries(): WriteEntry[] {
  const [system, value] = networkKey('doc').split('|') as [string, string];
  return [
    {
      type: 'DocumentReference',
      key: networkKey('doc'),
      body: {
        resourceType: 'DocumentReference',
        identifier: [{ system, value }],
        status: 'current',
        content: [{ attachment: { contentType: 'application/pdf', url: referenceTo('Binary', binaryKey) } }],
      },
    },
    {
      type: 'Binary',
      key: binaryKey,
      body: { resourceType: 'Binary', contentType: 'application/pdf' },
      documentId: 'doc-1',
    },
  ];
}
