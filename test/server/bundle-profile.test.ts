import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer } from './open-server.ts';
import { newOrganization } from './resources.ts';

const bodies: { meta?: { profile: string[] } }[] = [];
const partner = createHttpServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as { meta?: { profile: string[] } });
    const entry = [
      { response: { status: '201 Created', location: 'Organization/1/_history/1', etag: 'W/"1"' } },
    ];
    response.setHeader('content-type', 'application/fhir+json');
    response.end(JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry }));
  });
});
let server: FhirServer;
beforeAll(async () => {
  await new Promise<void>((resolve) => void partner.listen(0, '127.0.0.1', resolve));
  server = openServer(`http://127.0.0.1:${(partner.address() as AddressInfo).port}/fhir`);
});
afterAll(async () => {
  await server.close();
  partner.close();
});

describe('a transaction', () => {
  it('declares the profile that its entries ask for, and none where none does', async () => {
    const entry = newOrganization();
    await server.transaction([{ ...entry, bundleProfile: 'https://example.org/ProvideBundle' }]);
    await server.transaction([entry]);
    expect(bodies.map(({ meta }) => meta?.profile)).toEqual([
      ['https://example.org/ProvideBundle'],
      undefined,
    ]);
  });
});
