import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Fault } from '../../src/sandbox/fault.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { maxAnswerBytes } from '../../src/server/connections.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer } from './open-server.ts';
import { all, fhirJson, newOrganization } from './resources.ts';

let hospital: Hospital;
let server: FhirServer;
beforeAll(async () => {
  hospital = await startHospital({ name: 'Hostile', ids: 'client' });
});
afterAll(() => hospital.close());
beforeEach(() => {
  server = openServer(hospital.base, { timeouts: { connectMs: 500, answerMs: 200, totalMs: 500 } });
});
afterEach(async () => {
  hospital.setFaults(undefined);
  await server.close();
});

const html = '<!doctype html><title>Maintenance</title>';
const always = (fault: Fault): void => hospital.setFaults(() => fault);
const answer = (status: number, body = html, headers = {}): Fault => ({
  kind: 'answer',
  status,
  body,
  headers,
});

describe('the class of an answer', () => {
  const outcome = JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid' }],
  });
  const cases: [number, string, string, string, string][] = [
    [302, html, 'not-supported', 'not-supported', 'server'],
    [400, outcome, 'invalid', 'invalid', 'gateway'],
    [400, html, 'unavailable', 'unavailable', 'server'],
    [401, html, 'unauthenticated', 'unauthenticated', 'gateway'],
    [403, html, 'forbidden', 'forbidden', 'gateway'],
    [404, html, 'unavailable', 'unavailable', 'server'],
    [404, '{"error":"no route"}', 'unavailable', 'unavailable', 'server'],
    [405, outcome, 'not-supported', 'not-supported', 'server'],
    [408, outcome, 'timeout', 'unknown-outcome', 'server'],
    [409, outcome, 'conflict', 'conflict', 'server'],
    [412, outcome, 'conflict', 'conflict', 'server'],
    [413, html, 'too-large', 'too-large', 'gateway'],
    [422, outcome, 'unprocessable', 'unprocessable', 'gateway'],
    [429, html, 'throttled', 'throttled', 'server'],
    [500, outcome, 'unavailable', 'unknown-outcome', 'server'],
    [502, html, 'unavailable', 'unknown-outcome', 'server'],
    [503, html, 'unavailable', 'unavailable', 'server'],
    [504, html, 'unavailable', 'unknown-outcome', 'server'],
  ];
  it.each(cases)(
    'HTTP %i with %s: %s for a read, %s for a write, fault of the %s',
    async (status, body, forRead, forWrite, side) => {
      always(answer(status, body, body === html ? {} : fhirJson));
      await expect(server.read('Patient', 'a')).rejects.toMatchObject({ category: forRead, side });
      await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
        category: forWrite,
        side,
      });
    },
  );

  it('never takes a page of HTML with status 200 for a success', async () => {
    always(answer(200));
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      category: 'unavailable',
      side: 'server',
    });
    await expect(server.probe()).rejects.toMatchObject({ category: 'unavailable' });
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unknown-outcome',
    });
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '42'],
    ['text', '"text"'],
    ['a poisoned prototype (__proto__)', '{"__proto__":{"admin":true}}'],
    ['nesting without end', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`],
  ])('refuses JSON that is no tame object: %s', async (_name, body) => {
    always(answer(200, body, fhirJson));
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      name: 'GatewayError',
      category: 'unavailable',
    });
  });

  it('tells how long a busy server wants to be left alone', async () => {
    always(answer(429, '', { 'retry-after': '7' }));
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      retryAfterMs: 7000,
      retryable: true,
    });
  });

  it('refuses an answer larger than the limit, and does not ask again', async () => {
    let asked = 0;
    hospital.setFaults(() => {
      asked += 1;
      return answer(200, `"${'x'.repeat(maxAnswerBytes)}"`, fhirJson);
    });
    const patient = openServer(hospital.base);
    await expect(patient.read('Patient', 'a')).rejects.toMatchObject({
      category: 'unavailable',
      retryable: false,
      message: expect.stringContaining('taille admise'),
    });
    await patient.close();
    expect(asked).toBe(1);
  });

  it('refuses a compressed answer it did not ask for: a small one can inflate without end', async () => {
    const zipped = gzipSync('{"resourceType":"Patient","id":"a"}').toString('latin1');
    always(answer(200, zipped, { ...fhirJson, 'content-encoding': 'gzip' }));
    await expect(server.read('Patient', 'a')).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('compressée'),
    });
  });
});

describe('an answer that is not what was asked', () => {
  const json = (value: object): Fault => answer(200, JSON.stringify(value), fhirJson);

  it('is an error when a read gives another type or another id', async () => {
    for (const wrong of [
      { resourceType: 'Patient', id: 'b' },
      { resourceType: 'Practitioner', id: 'a' },
      {},
    ]) {
      always(json(wrong));
      await expect(server.read('Patient', 'a')).rejects.toMatchObject({
        category: 'invalid',
        side: 'server',
        retryable: false,
      });
    }
  });

  it('is an error when a batch gives too few entries or the resource of a neighbour', async () => {
    const wanted = [
      { type: 'Patient', id: 'a' },
      { type: 'Patient', id: 'b' },
    ];
    always(json({ resourceType: 'Bundle', type: 'batch-response', entry: [] }));
    await expect(server.readMany(wanted)).rejects.toMatchObject({ category: 'invalid', side: 'server' });
    const entry = ['b', 'a'].map((id) => ({
      resource: { resourceType: 'Patient', id },
      response: { status: '200 OK' },
    }));
    always(json({ resourceType: 'Bundle', type: 'batch-response', entry }));
    await expect(server.readMany(wanted)).rejects.toMatchObject({ category: 'invalid', side: 'server' });
  });

  it.each(['4.3.0', '5.0.0', '3.0.2', '1.0.2', '', '4.0.1; 5'])(
    'refuses a server of FHIR version "%s"',
    async (fhirVersion) => {
      always(json({ resourceType: 'CapabilityStatement', fhirVersion }));
      await expect(server.probe()).rejects.toMatchObject({ category: 'not-supported', retryable: false });
    },
  );

  it('is an error when metadata is no capability statement', async () => {
    always(json({ resourceType: 'Patient', id: 'a' }));
    await expect(server.probe()).rejects.toMatchObject({ category: 'invalid', side: 'server' });
  });

  it('is an error when a Binary is broken base64 or untyped', async () => {
    for (const broken of [
      { contentType: 'text/plain', data: 'a%b' },
      { data: 'YQ==' },
      { contentType: 'text/plain', data: 7 },
    ]) {
      always(json({ resourceType: 'Binary', id: 'x', ...broken }));
      await expect(server.binary('x')).rejects.toMatchObject({ category: 'invalid', side: 'server' });
    }
  });

  it.each([
    ['fewer entries than were sent', []],
    ['an entry without status', [{ response: {} }]],
    ['an entry that failed inside a success', [{ response: { status: '400 Bad Request' } }]],
    ['a creation without its place', [{ response: { status: '201 Created' } }]],
    [
      'the place of another type',
      [{ response: { status: '201 Created', location: 'Patient/1/_history/1' } }],
    ],
    ['nothing readable', [null]],
  ])('leaves the outcome of a transaction unknown when it answers %s', async (_name, entry) => {
    always(json({ resourceType: 'Bundle', type: 'transaction-response', entry }));
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unknown-outcome',
      side: 'server',
    });
  });

  it('leaves the outcome of an update unknown when it answers with another resource', async () => {
    always(json({ resourceType: 'Task', id: 'other' }));
    const update = server.update({ resourceType: 'Task', id: 'mine' }, '1');
    await expect(update).rejects.toMatchObject({ category: 'unknown-outcome' });
  });
});

describe('a connection that breaks', () => {
  it('makes the outcome of a write unknown, whether it was carried out or not', async () => {
    for (const when of ['before', 'after'] as const) {
      always({ kind: 'reset', when });
      const entry = newOrganization({ name: `reset ${when}` });
      await expect(server.transaction([entry])).rejects.toMatchObject({
        category: 'unknown-outcome',
        retryable: true,
      });
      hospital.setFaults(undefined);
      const found = await all(server.search('Organization', { name: `reset ${when}` }));
      expect(found).toHaveLength(when === 'after' ? 1 : 0);
    }
  });

  it.each(['before', 'after', 'mid-answer'] as const)(
    'half-open (%s) ends at the time limit',
    async (when) => {
      always({ kind: 'silent', when });
      await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
        category: 'unknown-outcome',
      });
      await expect(server.read('Patient', 'a')).rejects.toMatchObject({
        category: 'timeout',
        side: 'server',
      });
    },
  );

  it('ends an answer that drips at the total time limit', async () => {
    always({ kind: 'delay', ms: 5000 });
    const hasty = openServer(hospital.base, { timeouts: { connectMs: 500, answerMs: 20_000, totalMs: 200 } });
    const attempt = hasty.transaction([newOrganization()]);
    await expect(attempt).rejects.toMatchObject({
      category: 'unknown-outcome',
      message: expect.stringContaining('délai total'),
    });
    await hasty.close();
  });

  it.each(['short', 'clean'] as const)('a truncated answer (%s cut) is no success', async (how) => {
    always({ kind: 'truncate', how });
    await expect(server.transaction([newOrganization()])).rejects.toMatchObject({
      category: 'unknown-outcome',
    });
    await expect(server.probe()).rejects.toMatchObject({ category: 'unavailable', side: 'server' });
  });
});
