import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { belongsTo, resourcePath } from '../../src/server/service-address.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer } from './open-server.ts';
import { all, fhirJson, newOrganization } from './resources.ts';

let hospital: Hospital;
let stranger: Server;
let strangerOrigin: string;
let seenByStranger: IncomingHttpHeaders[];
let server: FhirServer;

beforeAll(async () => {
  hospital = await startHospital({ name: 'Bornes', ids: 'client' });
  stranger = createServer((request, response) => {
    seenByStranger.push(request.headers);
    response.writeHead(200, fhirJson).end(JSON.stringify({ resourceType: 'Bundle', type: 'searchset' }));
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  strangerOrigin = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await hospital.close();
  await new Promise((resolve) => stranger.close(resolve));
});
beforeEach(() => {
  seenByStranger = [];
  server = openServer(hospital.base, { auth: { kind: 'basic', user: 'passerelle', password: 'secret' } });
});
afterEach(async () => {
  hospital.setFaults(undefined);
  await server.close();
});

describe('credentials stay with their server', () => {
  it.each([301, 302, 303, 307, 308])('a redirect (%i) to another origin is not followed', async (status) => {
    const headers = { location: `${strangerOrigin}/fhir/Patient/a` };
    hospital.setFaults(() => ({ kind: 'answer', status, headers }));
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      category: 'not-supported',
      side: 'server',
    });
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'not-supported',
    });
    expect(seenByStranger).toEqual([]);
  });

  it('a next link to a foreign host is not followed (P-6)', async () => {
    serveNext(() => `${strangerOrigin}/fhir?_getpages=1`);
    await expect(all(server.search('Patient', {}))).rejects.toMatchObject({
      category: 'invalid',
      side: 'server',
      retryable: false,
    });
    expect(seenByStranger).toEqual([]);
  });

  it('a next link outside the base on the same origin is not followed', async () => {
    serveNext(() => hospital.base.replace('/fhir', '/other?_getpages=1'));
    await expect(all(server.search('Patient', {}))).rejects.toMatchObject({
      category: 'invalid',
      side: 'server',
    });
  });

  it.each([
    ['http://h.example/fhir', 'http://h.example/fhir?_getpages=1', true],
    ['http://h.example/fhir', 'http://h.example/fhir/Patient', true],
    ['http://h.example/fhir/', 'http://h.example/fhir/Patient', true],
    ['http://h.example', 'http://h.example/Patient', true],
    ['http://h.example/fhir', 'http://h.example/fhir2/Patient', false],
    ['http://h.example/fhir', 'http://h.example/fhir/../admin', false],
    ['http://h.example/fhir', 'http://h.example/fhir/%2e%2e/admin', false],
    ['http://h.example/fhir', 'https://h.example/fhir/Patient', false],
    ['http://h.example/fhir', 'http://h.example:8080/fhir/Patient', false],
    ['http://h.example/fhir', 'http://h.example@evil.example/fhir/Patient', false],
    ['http://h.example/fhir', 'http://user@h.example/fhir/Patient', false],
    ['http://h.example/fhir', '//h.example/fhir', false],
    ['http://h.example/fhir', 'file:///fhir', false],
  ])('below %s: %s → %s', (base, url, expected) => {
    expect(belongsTo(base, url)).toBe(expected);
  });

  it('no resource path leaves the base, whatever the id', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('..', '.', '../x', '%2e%2e', 'a/b', 'a?b', 'a#b')),
        (id) => {
          try {
            return (
              belongsTo('http://h.example/fhir', `http://h.example/fhir/${resourcePath('Patient', id)}`) &&
              !/[/?#%]/.test(id)
            );
          } catch (error) {
            return (error as Error).name === 'GatewayError';
          }
        },
      ),
    );
  });
});

describe('a search that would not end or not mean anything', () => {
  it('is stopped when the pages go round in circles (P-20)', async () => {
    const pages = ['a', 'b', 'a'];
    serveNext((index) => `${hospital.base}?_getpages=${pages[index % 3]}`);
    await expect(all(server.search('Patient', {}))).rejects.toMatchObject({
      category: 'invalid',
      message: expect.stringContaining('en rond'),
    });
  });

  it('goes on over an empty page that has a next one, and drops repeated matches (P-5, P-20)', async () => {
    const match = (id: string): object => ({ resource: { resourceType: 'Patient', id } });
    const included = { resource: { resourceType: 'Organization', id: 'o' }, search: { mode: 'include' } };
    const pages = [[match('a'), included], [], [match('a'), match('b')]];
    serveNext(
      (index) => (index < 2 ? `${hospital.base}?_getpages=${index}` : undefined),
      (index) => pages[index]!,
    );
    expect((await all(server.search('Patient', {}))).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is refused when a match is of another type', async () => {
    serveNext(
      () => undefined,
      () => [{ resource: { resourceType: 'Practitioner', id: 'a' } }],
    );
    await expect(all(server.search('Patient', {}))).rejects.toMatchObject({
      category: 'invalid',
      side: 'server',
    });
  });

  it('is refused when the server ignored a criterion: anybody could match (CORE-11)', async () => {
    serveNext(
      () => undefined,
      () => [{ resource: { resourceType: 'Patient', id: 'a' } }],
      `${hospital.base}/Patient?_count=200`,
    );
    await expect(all(server.search('Patient', { identifier: 's|v' }))).rejects.toMatchObject({
      category: 'not-supported',
      side: 'server',
    });
  });

  it('is refused when it answers something else than a search', async () => {
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'history' });
    hospital.setFaults(() => ({ kind: 'answer', status: 200, headers: fhirJson, body }));
    await expect(all(server.search('Patient', {}))).rejects.toMatchObject({
      category: 'invalid',
      side: 'server',
    });
  });
});

describe('a transaction that should never be sent', () => {
  it('is our own fault when it is too long or writes one resource twice (P-19)', async () => {
    const twice = { method: 'PUT' as const, url: 'Task/a', resource: { resourceType: 'Task', id: 'a' } };
    for (const entries of [Array.from({ length: 65 }, () => newOrganization()), [twice, twice]]) {
      await expect(server.transaction(entries)).rejects.toMatchObject({
        category: 'fault',
        side: 'gateway',
        retryable: false,
      });
    }
    expect(await server.transaction([])).toEqual([]);
    expect(hospital.traffic().writes).toBe(0);
  });

  it('takes 64 entries', async () => {
    expect(await server.transaction(Array.from({ length: 64 }, () => newOrganization()))).toHaveLength(64);
  });
});

/** Answers every request with a page whose next link `next` chooses. */
function serveNext(
  next: (index: number) => string | undefined,
  entries: (index: number) => object[] = () => [],
  self?: string,
): void {
  let index = 0;
  hospital.setFaults(() => {
    const url = next(index);
    const link = [
      ...(url ? [{ relation: 'next', url }] : []),
      ...(self ? [{ relation: 'self', url: self }] : []),
    ];
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link, entry: entries(index) });
    index += 1;
    return { kind: 'answer', status: 200, headers: fhirJson, body };
  });
}
