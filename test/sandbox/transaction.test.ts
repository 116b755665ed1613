import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Body, organization, type Reply, talk, type Talk } from './talk.ts';

type Entry = NonNullable<Body['entry']>[number] & {
  request: { method: string; url: string; ifMatch?: string; ifNoneExist?: string };
};

let open: Talk;
beforeAll(async () => {
  open = await talk();
});
afterAll(() => open.hospital.close());

const bundle = (type: string, entry: Entry[]): Promise<Reply> =>
  open.say('POST', '', { resourceType: 'Bundle', type, entry });
const put = (resource: Body, more: object = {}): Entry => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...more },
});
const post = (resource: Body, more: object = {}, fullUrl?: string): Entry => ({
  ...(fullUrl ? { fullUrl } : {}),
  resource,
  request: { method: 'POST', url: resource.resourceType!, ...more },
});
const uuid = (n: number): string => `urn:uuid:6f1d0d5e-0f5b-4c9d-9a8e-${String(n).padStart(12, '0')}`;
const total = async (query: string): Promise<number> =>
  (await open.say('GET', `${query}&_summary=count`)).body.total!;

describe('a transaction', () => {
  it('puts urn:uuid names right in references and addresses, whatever the order of its entries (CORE-04, CORE-05)', async () => {
    const document = {
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: uuid(2) },
      content: [{ attachment: { url: uuid(1) } }],
    };
    const entries = [
      post(document),
      post({ resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' }, {}, uuid(1)),
      post({ resourceType: 'Patient' }, {}, uuid(2)),
    ];
    const { status, body } = await bundle('transaction', entries);
    expect([status, body.type]).toEqual([200, 'transaction-response']);
    const places = body.entry!.map(({ response }) => response!.location!.replace(/\/_history.*/, ''));
    const { body: stored } = await open.say('GET', places[0]!);
    expect(stored).toMatchObject({
      subject: { reference: places[2] },
      content: [{ attachment: { url: places[1] } }],
    });
  });

  it('tells place, version and one common time for each entry', async () => {
    const { body } = await bundle('transaction', [
      put(organization('t1', { id: 't1' })),
      put(organization('t2', { id: 't2' })),
    ]);
    const [first, second] = body.entry!.map(({ response }) => response!);
    expect(first).toMatchObject({
      status: '201 Created',
      location: 'Organization/t1/_history/1',
      etag: 'W/"1"',
    });
    expect(second!.lastModified).toBe(first!.lastModified);
  });

  it('resolves conditional references, also to what it creates itself, and fails whole when they find nothing', async () => {
    const child = organization('child', {
      id: 'child',
      partOf: { reference: 'Organization?identifier=urn:essai|parent' },
    });
    const lonely = await bundle('transaction', [post(organization('other')), put(child)]);
    expect(lonely.status).toBe(400);
    expect(await total('Organization?identifier=urn:essai|other')).toBe(0);
    const { status, body } = await bundle('transaction', [put(child), post(organization('parent'))]);
    expect(status).toBe(200);
    const parent = body.entry![1]!.response!.location!.replace(/\/_history.*/, '');
    expect((await open.say('GET', 'Organization/child')).body['partOf']).toEqual({ reference: parent });
    const again = await bundle('transaction', [put(child)]);
    expect(again.body.entry![0]!.response!.etag).toBe('W/"1"');
  });

  it('keeps a match of ifNoneExist and lets other entries refer to it', async () => {
    const place = post(organization('keep'), { ifNoneExist: 'identifier=urn:essai|keep' }, uuid(3));
    const service = post({ resourceType: 'HealthcareService', providedBy: { reference: uuid(3) } });
    const [one, two] = [await bundle('transaction', [place]), await bundle('transaction', [service, place])];
    expect(one.body.entry![0]!.response!.status).toBe('201 Created');
    expect(two.body.entry![1]!.response).toMatchObject({
      status: '200 OK',
      location: one.body.entry![0]!.response!.location,
    });
  });

  it.each<[string, (id: string) => Entry[], number]>([
    [
      'a stale version',
      (id) => [put(organization('x', { id: 'new' })), put(organization('y', { id }), { ifMatch: 'W/"9"' })],
      412,
    ],
    [
      'a broken reference',
      (id) => [put(organization('y', { id, name: 'z', partOf: { reference: 'Organization/nobody' } }))],
      400,
    ],
    [
      'a name that means nothing',
      (id) => [put(organization('y', { id, name: 'z', partOf: { reference: uuid(99) } }))],
      400,
    ],
    [
      'one resource meant twice',
      (id) => [put(organization('y', { id, name: 'z' })), put(organization('y', { id, name: 'w' }))],
      400,
    ],
    [
      'one fullUrl twice',
      () => [post(organization('x'), {}, uuid(4)), post(organization('w'), {}, uuid(4))],
      400,
    ],
    [
      'an unknown type',
      (id) => [put(organization('y', { id, name: 'z' })), put({ resourceType: 'Unicorn', id: 'u' })],
      404,
    ],
    [
      'a read of nothing',
      (id) => [
        put(organization('y', { id, name: 'z' })),
        { request: { method: 'GET', url: 'Patient/nobody' } },
      ],
      404,
    ],
    ['an entry without request', (id) => [put(organization('y', { id, name: 'z' })), {} as Entry], 400],
  ])('changes nothing when it holds %s', async (_name, entries, status) => {
    const { body } = await open.say('POST', 'Organization', organization('y'));
    const before = (await open.say('GET', '_history?_summary=count')).body.total;
    const reply = await bundle('transaction', entries(body.id!));
    expect(reply).toMatchObject({ status, body: { resourceType: 'OperationOutcome' } });
    expect((await open.say('GET', '_history?_summary=count')).body.total).toBe(before);
    expect((await open.say('GET', `Organization/${body.id}`)).body).toEqual(body);
  });

  it('finds by identifier exactly what is there after any mix of writes and failed transactions', async () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      value: fc.constantFrom('1', '2', '3'),
      fail: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const own = await talk();
        const expected = new Map<string, string>();
        for (const { id, value, fail } of steps) {
          const entry = [
            put(organization(value, { id })),
            ...(fail ? [put({ resourceType: 'Unicorn', id: 'u' })] : []),
          ];
          await own.say('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
          if (!fail) expected.set(id, value);
        }
        for (const value of ['1', '2', '3']) {
          const { body } = await own.say('GET', `Organization?identifier=urn:essai|${value}`);
          const found = (body.entry ?? []).map(({ resource }) => resource!.id).toSorted();
          expect(found).toEqual(
            [...expected]
              .filter(([, of]) => of === value)
              .map(([id]) => id)
              .toSorted(),
          );
        }
        await own.hospital.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('a batch', () => {
  it('carries its entries out one by one and answers 200 whatever happens (CORE-06)', async () => {
    const { status, body } = await bundle('batch', [
      put(organization('b1', { id: 'b1' })),
      { request: { method: 'GET', url: 'Organization/nobody' } },
      put({ resourceType: 'Unicorn', id: 'u' }),
      { request: { method: 'GET', url: 'Organization?identifier=urn:essai|b1' } },
      { request: { method: 'DELETE', url: 'Organization/b1' } },
    ]);
    expect(status).toBe(200);
    const statuses = body.entry!.map(({ response }) => response!.status);
    expect(statuses).toEqual(['201 Created', '404 Not Found', '404 Not Found', '200 OK', '204 No Content']);
    expect(body.entry![1]!.response!.outcome!.issue![0]!.code).toBe('not-found');
    expect(body.entry![3]!.resource!.total).toBe(1);
  });

  it('is refused when it is no batch', async () => {
    expect((await bundle('collection', [])).status).toBe(400);
    expect((await open.say('POST', '', { resourceType: 'Patient' })).status).toBe(400);
    expect((await open.say('POST', '', { resourceType: 'Bundle', type: 'batch', entry: {} })).status).toBe(
      400,
    );
  });
});
