import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { servedTypes } from '../../../src/sandbox/annuaire/population/types.ts';
import { type Emulated, emulate } from './emulate.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await emulate({ scenario: { keys: ['one', 'two'] } });
});
afterAll(() => emulated.emulator.stop());

describe('the gateway before the API', () => {
  it('lets in by a key in the header, and by nothing else', async () => {
    expect((await emulated.get('/metadata')).status).toBe(200);
    expect((await emulated.get('/metadata', { headers: { 'ESANTE-API-KEY': 'two' } })).status).toBe(200);
    for (const path of ['/metadata', '/Practitioner', '/Practitioner?ESANTE-API-KEY=one']) {
      const { status, body, headers } = await emulated.get(path, { headers: { 'ESANTE-API-KEY': 'three' } });
      expect([status, body]).toEqual([401, { message: 'Unauthorized', http_status_code: 401 }]);
      expect(headers.get('content-type')).toBe('application/json');
    }
    expect((await fetch(`${emulated.emulator.base}/metadata`)).status).toBe(401);
  });

  it('answers 404 of its own for a path that is not the API’s', async () => {
    const { status, body } = await emulated.get(`${new URL(emulated.emulator.base).origin}/other`);
    expect([status, body]).toMatchObject([404, { http_status_code: 404 }]);
  });
});

describe('the API', () => {
  it('tells in its CapabilityStatement the five types with read and search', async () => {
    const { body } = await emulated.get('/metadata');
    const { rest, fhirVersion } = body as unknown as {
      fhirVersion: string;
      rest: [
        { resource: { type: string; interaction: { code: string }[]; searchParam: { name: string }[] }[] },
      ];
    };
    expect([fhirVersion, rest[0].resource.map(({ type }) => type)]).toEqual(['4.0.1', servedTypes]);
    for (const { interaction, searchParam } of rest[0].resource) {
      expect(interaction.map(({ code }) => code)).toEqual(['read', 'search-type']);
      expect(searchParam.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['_id', '_lastUpdated', 'identifier']),
      );
    }
  });

  it('is read-only and keeps no history', async () => {
    for (const [method, path] of [
      ['PUT', '/Practitioner/1'],
      ['PATCH', '/Practitioner/1'],
      ['DELETE', '/Practitioner/1'],
      ['POST', '/Practitioner'],
      ['GET', '/Practitioner/1/_history'],
      ['GET', '/Practitioner/_history'],
      ['DELETE', '/metadata'],
    ] as const) {
      const { status, body, headers } = await emulated.get(path, { method });
      expect([method, path, status, body.resourceType]).toEqual([method, path, 405, 'OperationOutcome']);
      expect(headers.get('allow')).toBe('GET, POST');
    }
    expect((await emulated.get('', { method: 'POST', body: '{}' })).status).toBe(403);
  });

  it('answers 404 with an OperationOutcome for an unknown type, id and address', async () => {
    for (const path of ['/Patient', '/Patient/1', '/Practitioner/unknown', '/Practitioner/1/name']) {
      const { status, body } = await emulated.get(path);
      expect([path, status, body.resourceType]).toEqual([path, 404, 'OperationOutcome']);
    }
  });

  it('serves JSON alone', async () => {
    const { status } = await emulated.get('/metadata', { headers: { accept: 'application/fhir+xml' } });
    expect(status).toBe(406);
    const { headers } = await emulated.get('/metadata', { headers: { accept: 'application/fhir+json' } });
    expect(headers.get('content-type')).toBe('application/fhir+json;charset=UTF-8');
  });

  it('dates its answers in the time of the directory', async () => {
    const { headers } = await emulated.get('/metadata');
    expect(headers.get('date')).toBe('Mon, 05 Jan 2026 06:00:00 GMT');
  });

  it('bounds bodies and addresses', async () => {
    const form = (bytes: number) =>
      emulated.get('/Practitioner/_search', { method: 'POST', body: `_id=${'x'.repeat(bytes - 4)}` });
    expect((await form(1024 * 1024 + 1)).status).toBe(413);
    expect((await form(400)).status).toBe(200);
    expect((await emulated.get(`/Practitioner?_id=${'x'.repeat(17_000)}`)).status).toBe(414);
    expect((await emulated.get('/Practitioner/%E0%A4%A')).status).toBe(404);
  });

  it('links to the address that the caller used, so that mapped ports work', async () => {
    const { port } = new URL(emulated.emulator.base);
    const headers = { host: 'annuaire.test:9999', 'esante-api-key': 'one' };
    const asked = httpRequest({ port, host: '127.0.0.1', path: '/fhir/v2/Device?_count=1', headers }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const text = (await Array.fromAsync(response as AsyncIterable<Buffer>)).join('');
    expect(text).toContain('http://annuaire.test:9999/fhir/v2/_page?id=');
  });
});

describe('stopping', () => {
  it('ends at once, whatever is still being answered', async () => {
    const slow = await emulate();
    slow.emulator.setQuirks([{ name: 'hang', rate: 1, ms: 600_000 }]);
    const waiting = slow.get('/Practitioner').then(
      ({ status }) => status,
      () => 'cut',
    );
    while (slow.emulator.traffic().requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await slow.emulator.stop();
    expect(await waiting).toBe('cut');
  });

  it('gives its port back; a port that is taken is told', async () => {
    const first = await emulate();
    const { port } = new URL(first.emulator.base);
    await expect(emulate({ emulator: { port: Number(port) } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.emulator.stop();
    const second = await emulate({ emulator: { port: Number(port) } });
    await second.emulator.stop();
  });
});
