import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { networkFailure } from '../../src/server/network-failure.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { newOrganization } from './resources.ts';
import { openServer } from './open-server.ts';

const pem = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/tls/self-signed.${name}.pem`, import.meta.url));

let server: FhirServer | undefined;
let hospital: Hospital | undefined;
afterEach(async () => {
  await server?.close();
  await hospital?.close();
  server = hospital = undefined;
});

describe('a server that cannot be reached', () => {
  it('is unavailable, for a write too, when it refuses connections: nothing happened there', async () => {
    server = openServer(`http://127.0.0.1:${await freePort()}/fhir`);
    const both = await Promise.allSettled([
      server.read('Patient', 'a'),
      server.transaction([newOrganization()]),
    ]);
    for (const attempt of both) {
      expect(attempt).toMatchObject({
        reason: {
          name: 'GatewayError',
          category: 'unavailable',
          side: 'server',
          retryable: true,
          message: expect.stringMatching(/« hopital-essai ».*ECONNREFUSED/),
        },
      });
    }
  });

  it('is refused with a clear word when its certificate is self-signed', async () => {
    hospital = await startHospital({ name: 'TLS', ids: 'client', tls: tlsFixture() });
    server = openServer(hospital.base);
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unavailable',
      message: expect.stringMatching(/certificat est auto-signé.*caFile/),
    });
    expect(hospital.traffic()).toEqual({ reads: 0, writes: 0 });
  });

  it('is trusted when its authority is declared in caFile', async () => {
    hospital = await startHospital({ name: 'TLS', ids: 'client', tls: tlsFixture() });
    server = openServer(hospital.base, { caFile: pem('cert') });
    expect(await server.read('Patient', 'nobody')).toEqual({ state: 'missing' });
  });

  it('is not even opened when caFile is not there', () => {
    expect(() => openServer('https://127.0.0.1:1/fhir', { caFile: '/nowhere/ca.pem' })).toThrow(/caFile/);
  });

  it('is unavailable when it speaks no TLS', async () => {
    hospital = await startHospital({ name: 'Clair', ids: 'client' });
    server = openServer(hospital.base.replace('http:', 'https:'));
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({ category: 'unavailable' });
  });
});

describe('the class of a failure without answer', () => {
  const cases: [string, string, string][] = [
    ['ENOTFOUND', 'unavailable', 'unavailable'],
    ['EAI_AGAIN', 'unavailable', 'unavailable'],
    ['EHOSTUNREACH', 'unavailable', 'unavailable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'timeout'],
    ['CERT_HAS_EXPIRED', 'unavailable', 'unavailable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unavailable', 'unavailable'],
    ['ECONNRESET', 'unavailable', 'unknown-outcome'],
    ['EPIPE', 'unavailable', 'unknown-outcome'],
    ['UND_ERR_SOCKET', 'unavailable', 'unknown-outcome'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 'unknown-outcome'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout', 'unknown-outcome'],
    ['SOMETHING_NEW', 'unavailable', 'unknown-outcome'],
  ];
  it.each(cases)('%s: %s for a read, %s for a write', (code, forRead, forWrite) => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
    const classOf = (effect: 'read' | 'write'): string =>
      networkFailure('s', error, { effect, timeLimit: false }).category;
    expect([classOf('read'), classOf('write')]).toEqual([forRead, forWrite]);
  });

  it('keeps nothing of the error but its code', () => {
    const error = Object.assign(new Error('GET http://h/Patient?name=DURAND failed'), { code: 'ECONNRESET' });
    const failure = networkFailure('s', error, { effect: 'read', timeLimit: false });
    expect(failure.message).not.toContain('DURAND');
    expect(failure.cause).toBeUndefined();
  });
});

function tlsFixture(): { key: string; cert: string } {
  return { key: readFileSync(pem('key'), 'utf8'), cert: readFileSync(pem('cert'), 'utf8') };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
