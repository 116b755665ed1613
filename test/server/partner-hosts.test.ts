/** Answers of hosts that cannot be had on the loopback interface: named partners, played by nock. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { openServer } from './open-server.ts';

const origin = 'https://fhir.hopital.example';
const base = `${origin}/r4`;
const organization = { resourceType: 'Organization', id: 'a', name: 'Hôpital', meta: { versionId: '1' } };
const fhir = { 'content-type': 'application/fhir+json' };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

describe('a partner on another host', () => {
  it('P-6: a next link to a host whose name only begins like the partner’s is not followed', async () => {
    const evil = nock('https://fhir.hopital.example.evil.example').get(/.*/).reply(200, {});
    nock(origin)
      .get('/r4/Organization')
      .query(true)
      .reply(
        200,
        {
          resourceType: 'Bundle',
          type: 'searchset',
          link: [{ relation: 'next', url: 'https://fhir.hopital.example.evil.example/r4?page=2' }],
          entry: [{ resource: organization, search: { mode: 'match' } }],
        },
        fhir,
      );
    const server = openServer(base);
    const read = (async () => {
      for await (const _one of server.search('Organization', { name: 'a' }));
    })();
    await expect(read).rejects.toMatchObject({ side: 'server' });
    expect(evil.isDone()).toBe(false);
    await server.close();
  });

  it('a redirect to another host gets neither the request nor the password', async () => {
    const seen: string[] = [];
    nock('https://elsewhere.example')
      .get(/.*/)
      .reply(200, function () {
        seen.push('asked');
        return organization;
      });
    nock(origin)
      .get('/r4/Organization/a')
      .reply(302, '', { location: 'https://elsewhere.example/r4/Organization/a' });
    const server = openServer(base, {
      auth: { kind: 'basic', user: 'passerelle', password: 'canary-password' },
    });
    const failure: unknown = await server.read('Organization', 'a').catch((error: unknown) => error);
    expect(failure).toMatchObject({ category: 'not-supported', side: 'server' });
    expect(JSON.stringify(failure)).not.toContain('canary-password');
    expect(seen).toEqual([]);
    await server.close();
  });

  it('a 200 that holds an OperationOutcome with an error is no resource', async () => {
    nock(origin)
      .get('/r4/Organization/a')
      .times(3)
      .reply(
        200,
        { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] },
        fhir,
      );
    const server = openServer(base);
    await expect(server.read('Organization', 'a')).rejects.toMatchObject({ side: 'server' });
    await server.close();
  });

  it('a transaction answered with fewer entries than were sent has an unknown outcome', async () => {
    nock(origin)
      .post('/r4')
      .reply(200, { resourceType: 'Bundle', type: 'transaction-response', entry: [] }, fhir);
    const server = openServer(base);
    const entries = [{ method: 'PUT' as const, url: 'Organization/a', resource: organization }];
    await expect(server.transaction(entries)).rejects.toMatchObject({ category: 'unknown-outcome' });
    await server.close();
  });
});
