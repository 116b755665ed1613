/** What the delivery core relies on of the store: PostgreSQL and the simulator's memory both have to behave like this. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryStore } from '../../src/delivery/port.ts';
import type { Claim } from '../../src/store/outbox-claims.ts';
import type { StoredItem } from '../../src/store/outbox.ts';
import type { Repositories } from '../../src/store/store.ts';

export type OpenedStore = {
  store: DeliveryStore;
  /** Of all items of a tenant, in their order. */
  ids(tenant: string): Promise<number[]>;
  close(): Promise<void>;
};

const long = 60_000;
/** A lease that is over when it is taken. */
const over = -1;
const at = new Date('2026-01-05T08:00:00Z');
const later = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

/** `open` gives a store with whatever it holds already; tenants are new in every test. */
export function deliveryStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`the delivery store: ${name}`, () => {
    let opened: OpenedStore;
    let store: DeliveryStore;
    let tenant: string;
    let count = 0;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());
    beforeEach(() => {
      count += 1;
      tenant = `tenant-${count}`;
    });

    const server = (): string => `server-of-${tenant}`;
    const item = (subject: string, more: Partial<StoredItem> = {}): StoredItem => ({
      ...{ tenant, lane: 'clinical', serverId: server(), subject, kind: 'k' },
      payload: { entries: [{ n: subject }], detail: null },
      ...{ runId: null, referralId: null, createdAt: at, deadline: later(600), ...more },
    });
    const add = async (...items: StoredItem[]): Promise<number[]> => {
      await store.transaction((tx) => tx.outbox.add(items));
      return (await opened.ids(tenant)).slice(-items.length);
    };
    const claim = (now = at, leaseMs = long, limit = 10): Promise<Claim[]> =>
      store.outbox.claim({
        from: [{ serverId: server(), lane: 'clinical', limit }],
        leftBehind: true,
        owner: 'o',
        now,
        leaseMs,
      });
    const states = async (): Promise<string[]> =>
      (await store.outbox.progress(tenant, {}))
        .map(({ state, blocked, items }) => `${items} ${state}${blocked ? ' blocked' : ''}`)
        .sort();

    it('claims only the head of a subject, those that waited longest first', async () => {
      const [first, , other] = await add(item('a'), item('a'), item('b', { createdAt: later(-5) }));
      expect((await claim()).map(({ id, attempts }) => [id, attempts])).toEqual([
        [other, 1],
        [first, 1],
      ]);
      expect(await claim()).toEqual([]);
    });

    it('claims from several servers and lanes at once, of each no more than asked and nothing of others', async () => {
      const far = `far-${server()}`;
      await add(item('a'), item('b'), item('p', { lane: 'publication' }));
      await add(
        item('a', { serverId: far }),
        item('b', { serverId: far }),
        item('a', { serverId: `no-${far}` }),
      );
      const from = [
        { serverId: server(), lane: 'clinical', limit: 1 },
        { serverId: server(), lane: 'publication', limit: 5 },
        { serverId: far, lane: 'clinical', limit: 5 },
      ] as const;
      const claims = await store.outbox.claim({ from, leftBehind: true, owner: 'o', now: at, leaseMs: long });
      expect(claims.map((one) => `${one.serverId} ${one.lane} ${one.subject}`).sort()).toEqual(
        [
          `${far} clinical a`,
          `${far} clinical b`,
          `${server()} clinical a`,
          `${server()} publication p`,
        ].sort(),
      );
      expect(
        await store.outbox.claim({ from: [], leftBehind: true, owner: 'o', now: at, leaseMs: long }),
      ).toEqual([]);
    });

    it('counts what was left behind within the limit, and takes nothing twice', async () => {
      const [left] = await add(item('a'));
      await claim(at, over);
      const [queued] = await add(item('b', { createdAt: later(1) }), item('c', { createdAt: later(2) }));
      const claims = await claim(later(5), long, 2);
      expect(claims.map(({ id }) => id).sort((a, b) => a - b)).toEqual([left, queued]);
      expect(await claim(later(5), long, 2)).toHaveLength(1);
    });

    it('takes only what is queued when what was left behind is not asked for', async () => {
      const [left] = await add(item('a'));
      await claim(at, over);
      const [queued] = await add(item('b'));
      const from = [{ serverId: server(), lane: 'clinical', limit: 5 }] as const;
      const asked = { from, owner: 'o', now: at, leaseMs: long };
      expect((await store.outbox.claim({ ...asked, leftBehind: false })).map(({ id }) => id)).toEqual([
        queued,
      ]);
      expect((await store.outbox.claim({ ...asked, leftBehind: true })).map(({ id }) => id)).toEqual([left]);
    });

    it('has due what may be sent now, by server and lane', async () => {
      await add(item('a'), item('p', { lane: 'publication', createdAt: later(5) }));
      expect(await store.outbox.due([server(), 'other'], at)).toEqual([
        { serverId: server(), lane: 'clinical' },
      ]);
      expect(await store.outbox.due([server()], later(6))).toHaveLength(2);
      expect(await store.outbox.due(['other'], later(6))).toEqual([]);
    });

    it('goes on with the next of a subject once the one before is delivered', async () => {
      const [, second] = await add(item('a'), item('a'));
      const [held] = await claim();
      expect(await store.transaction((tx) => tx.outbox.deliver(held!, at))).toBe(true);
      expect((await claim()).map(({ id }) => id)).toEqual([second]);
    });

    it('gives an item whose lease is over to another, and nothing under the older fence counts', async () => {
      await add(item('a'));
      const [old] = await claim(at, over);
      const [young] = await claim(at, long);
      expect(young).toMatchObject({ id: old!.id, fence: old!.fence + 1, attempts: 2 });
      expect(await store.outbox.prolong(old!, long)).toBe(false);
      expect(await store.outbox.park(old!, at, { message: 'late' })).toBe(false);
      expect(await store.outbox.postpone(old!, at, null)).toBe(false);
      expect(await store.transaction((tx) => tx.outbox.deliver(old!, at))).toBe(false);
      expect(await store.outbox.prolong(young!, long)).toBe(true);
    });

    it('prolongs a lease that is over as long as nobody else took the item', async () => {
      await add(item('a'));
      const [held] = await claim(at, over);
      expect(await store.outbox.prolong(held!, long)).toBe(true);
      expect(await claim()).toEqual([]);
    });

    it('holds back a subject behind what is parked, and lets it go on when that is queued again', async () => {
      const [first] = await add(item('a'), item('a'));
      const [held] = await claim();
      expect(await store.outbox.park(held!, at, { message: 'refused' })).toBe(true);
      expect(await states()).toEqual(['1 parked', '1 queued blocked']);
      expect(await claim(later(60))).toEqual([]);
      expect(await store.outbox.requeue(tenant, { id: first! }, at, later(900))).toBe(1);
      expect((await claim()).map(({ id, reason }) => [id, reason])).toEqual([[first, null]]);
    });

    it('parks under another subject what nothing has to wait for', async () => {
      const [, second] = await add(item('a'), item('a'));
      const [held] = await claim();
      await store.outbox.park(held!, at, { message: 'moved' }, 'a moved');
      expect((await claim()).map(({ id }) => id)).toEqual([second]);
    });

    it('waits until the time it was postponed to, with the reason at hand', async () => {
      await add(item('a'));
      const [held] = await claim();
      await store.outbox.postpone(held!, later(10), { message: 'down' });
      expect(await claim(later(9))).toEqual([]);
      expect(await claim(later(10))).toMatchObject([{ attempts: 2, reason: { message: 'down' } }]);
    });

    it('explains and hastens what waits for a server', async () => {
      await add(item('a'), item('b'));
      const [a] = await claim(at, long, 1);
      await store.outbox.postpone(a!, later(30), { message: 'first' });
      await store.outbox.explain(server(), { message: 'down' }, false);
      const [b] = await claim();
      expect(b!.reason).toEqual({ message: 'down' });
      await store.outbox.explain(server(), { message: 'still down' }, true);
      await store.outbox.hasten(server(), later(1));
      expect(await claim(later(1))).toMatchObject([{ id: a!.id, reason: null }]);
    });

    it('expires what is queued past its deadline, with its last reason', async () => {
      const [late] = await add(item('a', { deadline: later(5) }), item('b'));
      const mine = (await store.outbox.expire(later(5), (last) => ({ last }))).filter(
        (one) => one.tenant === tenant,
      );
      expect(mine).toMatchObject([{ tenant, id: late }]);
      expect(await states()).toEqual(['1 parked', '1 queued']);
    });

    it('rewrites what an item holds, under the fence only', async () => {
      await add(item('a'));
      const [held] = await claim(at, over);
      const payload = { entries: [{ n: 'less' }], detail: { x: 1 } };
      expect(await store.transaction((tx) => tx.outbox.rewrite(held!, payload))).toBe(true);
      const [again] = await claim();
      expect(again!.payload).toEqual(payload);
      expect(await store.transaction((tx) => tx.outbox.rewrite(held!, payload))).toBe(false);
    });

    it('keeps nothing of a transaction that throws', async () => {
      await add(item('a'));
      const [held] = await claim();
      const failing = store.transaction(async (tx) => {
        await tx.outbox.deliver(held!, at);
        await tx.outbox.add([item('b')]);
        await tx.references.put([reference('x', '1')]);
        throw new Error('stop');
      });
      await expect(failing).rejects.toThrow('stop');
      expect(await states()).toEqual(['1 sending']);
      expect(await store.references.find([tenant], server(), ['s|x'])).toEqual([]);
    });

    it('shows nothing of a transaction before it is committed', async () => {
      await add(item('a'));
      const [held] = await claim();
      await store.transaction(async (tx: Repositories) => {
        await tx.outbox.deliver(held!, at);
        expect(await states()).toEqual(['1 sending']);
      });
      expect(await states()).toEqual(['1 delivered']);
    });

    const reference = (key: string, localId: string, of = tenant) => ({
      ...{ tenant: of, serverId: server(), type: 'Organization', key: `s|${key}`, localId },
      ...{ versionId: '1', lastUpdated: at, ours: true },
    });

    it('knows references by key and by local id, of the tenants asked for, the latest put', async () => {
      await store.transaction((tx) =>
        tx.references.put([reference('x', '1'), reference('y', '2'), reference('x', '9', `not-${tenant}`)]),
      );
      await store.transaction((tx) => tx.references.put([{ ...reference('x', '3'), versionId: '2' }]));
      expect(await store.references.find([tenant], server(), ['s|x', 's|z'])).toEqual([
        { ...reference('x', '3'), versionId: '2' },
      ]);
      expect(await store.references.byLocalIds([tenant], server(), ['2', '9'])).toEqual([
        reference('y', '2'),
      ]);
      expect(await store.references.find([tenant], server(), [])).toEqual([]);
    });
  });
}
