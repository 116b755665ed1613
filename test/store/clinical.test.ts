import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

const tenant = 't1';
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute));
let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database.close();
});

const put = (resource: AnyResource & { id: string }, minute: number, expected?: number, of = tenant) =>
  database.store.transaction((tx) => tx.clinical.put(of, resource, at(minute), expected));

function order(id: string, change: object = {}): AnyResource & { id: string } {
  const identifier = [{ system: 'https://s.example', value: id }];
  return { resourceType: 'ServiceRequest', id, identifier, subject: { reference: 'Patient/p1' }, ...change };
}

describe('clinical resources', () => {
  it('have a version each time they are stored, all readable, the newest first', async () => {
    await put(order('a', { status: 'draft' }), 1);
    const second = await put(order('a', { status: 'active' }), 2);
    expect(second.meta).toEqual({ versionId: '2', lastUpdated: '2026-11-22T10:02:00.000Z' });
    const { clinical } = database.store;
    expect(await clinical.get(tenant, 'ServiceRequest', 'a')).toEqual(second);
    expect(await clinical.get(tenant, 'ServiceRequest', 'a', 1)).toMatchObject({ status: 'draft' });
    const versions = (await clinical.history(tenant, 'ServiceRequest', 'a')).map(
      ({ meta }) => meta.versionId,
    );
    expect(versions).toEqual(['2', '1']);
  });

  it('whose ids were just drawn are stored together, and an id that is taken fails all', async () => {
    const create = (...ids: string[]) =>
      database.store.transaction((tx) =>
        tx.clinical.create(
          tenant,
          ids.map((id) => order(id)),
          at(1),
        ),
      );
    await create('n1', 'n2');
    const { clinical } = database.store;
    expect(await clinical.get(tenant, 'ServiceRequest', 'n2')).toEqual({
      ...order('n2'),
      meta: { versionId: '1', lastUpdated: '2026-11-22T10:01:00.000Z' },
    });
    await put(order('n2', { status: 'active' }), 2, 1);
    await expect(create('n3', 'n2')).rejects.toMatchObject({ code: '23505' });
    expect(await clinical.get(tenant, 'ServiceRequest', 'n3')).toBeUndefined();
  });

  it('of a patient are found by whichever element refers to it, as they are now', async () => {
    const consent = (id: string, reference: string) => ({
      ...{ resourceType: 'Consent', id, patient: { reference } },
    });
    await put(consent('k2', 'Patient/p9'), 2);
    await put(consent('k1', 'Patient/p9'), 1);
    await put(consent('k3', 'Patient/p8'), 1);
    await put(consent('k1', 'Patient/p9'), 3);
    const { clinical } = database.store;
    const found = await clinical.ofPatient(tenant, 'Consent', 'p9', 10);
    expect(found.map(({ id, meta }) => `${id} ${meta.versionId}`)).toEqual(['k2 1', 'k1 2']);
    expect(await clinical.ofPatient(tenant, 'Task', 'p9', 10)).toEqual([]);
    expect(await clinical.ofPatient('other', 'Consent', 'p9', 10)).toEqual([]);
  });

  it('written at the same moment get successive versions and one current one', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => put(order('b', { priority: String(i) }), 3)));
    const history = await database.store.clinical.history(tenant, 'ServiceRequest', 'b');
    expect(history.map(({ meta }) => Number(meta.versionId))).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    const { total } = await database.store.clinical.search(tenant, {
      ...{ type: 'ServiceRequest', identifier: 'https://s.example|b' },
    });
    expect(total).toBe(1);
  });

  it('P-23: are written under the version expected, by one writer only', async () => {
    await put(order('c'), 4);
    const results = await Promise.allSettled([
      put(order('c'), 5, 1),
      put(order('c'), 5, 1),
      put(order('c'), 5, 1),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(put(order('c'), 6, 1)).rejects.toMatchObject({ category: 'conflict' });
  });

  it('are found by identifier, patient, status and time, a page at a time', async () => {
    await put(order('d', { status: 'revoked', subject: { reference: 'Patient/p9' } }), 30);
    await put({ resourceType: 'Task', id: 'e', for: { reference: 'Patient/p9' }, status: 'requested' }, 31);
    const { clinical } = database.store;
    const ids = async (criteria: object, type = 'ServiceRequest') =>
      (await clinical.search(tenant, { type, ...criteria })).resources.map(({ id }) => id);
    expect(await ids({ patient: 'p9' })).toEqual(['d']);
    expect(await ids({ patient: 'p9' }, 'Task')).toEqual(['e']);
    expect(await ids({ identifier: 'https://s.example|d' })).toEqual(['d']);
    expect(await ids({ identifier: 'https://autre.example|d' })).toEqual([]);
    expect(await ids({ status: 'revoked' })).toEqual(['d']);
    expect(await ids({ since: at(30) })).toEqual(['d']);
    expect(await ids({ limit: 1, offset: 1 })).toHaveLength(1);
  });

  it('P-36: are invisible to another tenant, which may use the same ids', async () => {
    await put(order('a'), 7, undefined, 't2');
    expect(await database.store.clinical.history('t2', 'ServiceRequest', 'a')).toHaveLength(1);
    expect((await database.store.clinical.search('t3', { type: 'ServiceRequest' })).total).toBe(0);
  });
});

describe('the protocols of loaded networks', () => {
  it('are found by canonical, whatever the version asked, with their activities', async () => {
    const base = 'https://p.example';
    const row = (type: string, key: string, url: string) => ({
      ...{ networkId: 'n', type, key: `s|${key}`, class: 'owned' as const, hash: key, origin: null },
      body: { resourceType: type, url, status: 'active' },
    });
    await database.store.desired.replace(tenant, [
      row('PlanDefinition', 'n/protocol', `${base}/plan`),
      row('ActivityDefinition', 'n/protocol/a', `${base}/a`),
    ]);
    const { protocols } = database.store;
    const expected = { networkId: 'n', activities: [{ url: `${base}/a` }] };
    expect(await protocols.byCanonical(tenant, `${base}/plan|2`)).toMatchObject(expected);
    expect(await protocols.byCanonical(tenant, `${base}/autre`)).toBeUndefined();
    expect(await protocols.canonicals(tenant)).toEqual([`${base}/plan`]);
  });
});
