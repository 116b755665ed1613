import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { maxGzipRatio } from '../../src/api/body/bytes.ts';
import { listen } from '../../src/api/listen.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

const limits = { bodyBytes: 200_000, jsonDepth: 10, bundleEntries: 3 };
let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi(database.store, { limits });
});
afterAll(async () => {
  await api.close();
  await database.close();
});

type Outcome = { resourceType: string; issue: { code: string; details: { text: string } }[] };

async function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await fetch(`${api.url}/fhir`, {
    method: 'POST',
    headers: { ...basic('placer'), 'Content-Type': 'application/fhir+json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const outcome = (await answer.json()) as Outcome;
  return { status: answer.status, outcome, text: outcome.issue?.[0]?.details.text ?? '' };
}

/** A transaction of exactly this many bytes. */
function sized(bytes: number, fill = (count: number) => 'x'.repeat(count)): string {
  const around = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', language: '' });
  return around.replace('"language":""', `"language":"${fill(bytes - around.length)}"`);
}

/** Text that does not compress much. */
function noise(bytes: number): string {
  let seed = 42;
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  return Array.from({ length: bytes }, () => String.fromCharCode(97 + ((next() >> 16) % 26))).join('');
}

const nested = (levels: number) =>
  `{"resourceType":"Bundle","type":"transaction","extension":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const withEntries = (count: number) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: Array.from({ length: count }, () => ({
      resource: { resourceType: 'Task' },
      request: { method: 'POST', url: 'Task' },
    })),
  });

describe('the character NUL, which the database cannot hold', () => {
  it('is refused in a body, not stumbled over', async () => {
    const { status, text } = await post(
      '{"resourceType":"Bundle","type":"transaction","language":"a\\u0000b"}',
    );
    expect([status, text]).toEqual([400, 'JSON refusé : caractère NUL dans une chaîne.']);
  });

  it.each([
    '/fhir/Task?identifier=%00',
    '/fhir/Task?_id=a%00b',
    '/fhir/HealthcareService?name=%00',
    '/fhir/Task/%00',
    '/fhir/Task/a/_history/%00',
    '/fhir/Binary/%00',
  ])('is refused in an address: %s', async (path) => {
    const answer = await fetch(`${api.url}${path}`, { headers: basic('placer') });
    expect(answer.status).toBe(400);
  });

  it('is refused in a search that is posted', async () => {
    const answer = await fetch(`${api.url}/fhir/Task/_search`, {
      method: 'POST',
      headers: { ...basic('placer'), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'identifier=a%00b',
    });
    expect(answer.status).toBe(400);
  });
});

describe('limits of a body (P-47)', () => {
  it('bytes: at the limit taken, one over refused with the limit named', async () => {
    expect((await post(sized(limits.bodyBytes))).status).toBe(200);
    const over = await post(sized(limits.bodyBytes + 1));
    expect(over).toMatchObject({
      status: 413,
      outcome: { resourceType: 'OperationOutcome', issue: [{ code: 'too-long' }] },
    });
    expect(over.text).toContain('200000 octets');
  });

  it('bytes are counted where no length was announced', async () => {
    const stream = (text: string) => new Blob([text]).stream();
    const send = (text: string) =>
      fetch(`${api.url}/fhir`, {
        method: 'POST',
        headers: { ...basic('placer'), 'Content-Type': 'application/fhir+json' },
        body: stream(text),
        duplex: 'half',
      });
    expect((await send(sized(limits.bodyBytes))).status).toBe(200);
    expect((await send(sized(limits.bodyBytes + 1))).status).toBe(413);
  });

  it('decompressed bytes: at the limit taken, one over refused', async () => {
    const gzip = { 'Content-Encoding': 'gzip' };
    expect((await post(gzipSync(sized(limits.bodyBytes, noise)), gzip)).status).toBe(200);
    const over = await post(gzipSync(sized(limits.bodyBytes + 1, noise)), gzip);
    expect(over.status).toBe(413);
    expect(over.text).toContain('décompressés');
  });

  it('a gzip bomb is refused while it inflates, by bytes and by ratio', async () => {
    const gzip = { 'Content-Encoding': 'gzip' };
    const bomb = await post(gzipSync(Buffer.alloc(50_000_000, 0x20)), gzip);
    expect(bomb.status).toBe(413);
    const small = gzipSync(sized(150_000));
    expect(150_000 / small.length).toBeGreaterThan(maxGzipRatio);
    expect((await post(small, gzip)).status).toBe(413);
    expect((await post(gzipSync(sized(60_000)), gzip)).status).toBe(200);
  });

  it('broken gzip and other encodings are refused', async () => {
    const whole = gzipSync(sized(1000));
    for (const broken of [whole.subarray(0, -9), Buffer.from('no gzip at all')]) {
      const { status, text } = await post(broken, { 'Content-Encoding': 'gzip' });
      expect(status).toBe(400);
      expect(text).toContain('gzip');
    }
    expect((await post(sized(100), { 'Content-Encoding': 'br' })).status).toBe(415);
  });

  it('depth: at the limit taken, one over refused, a million deep refused', async () => {
    expect((await post(nested(limits.jsonDepth))).status).toBe(200);
    const over = await post(nested(limits.jsonDepth + 1));
    expect(over.status).toBe(400);
    expect(over.text).toContain('au plus 10 niveaux');
    expect((await post('['.repeat(190_000))).status).toBe(400);
  });

  it('entries of a transaction: at the limit taken, one over refused', async () => {
    expect((await post(withEntries(limits.bundleEntries))).status).toBe(200);
    const over = await post(withEntries(limits.bundleEntries + 1));
    expect(over.status).toBe(413);
    expect(over.text).toContain('au plus 3 entrées');
  });
});

describe('bodies that are not what they should be', () => {
  it.each([
    ['text/plain', 415],
    ['application/fhir+xml', 415],
    ['application/json-patch+json', 415],
    ['application/fhir+json; charset=iso-8859-1', 415],
    ['application/fhir+json; fhirVersion=5.0', 415],
    ['', 415],
    ['application/json', 200],
    ['application/fhir+json; charset="UTF-8"; fhirVersion=4.0', 200],
    ['Application/FHIR+JSON', 200],
  ])('content type %p is answered %i', async (type, status) => {
    expect((await post(sized(100), { 'Content-Type': type })).status).toBe(status);
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{"resourceType":"Bundle"'],
    ['trailing text', '{"resourceType":"Bundle"} CANARY'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no resourceType', '{"name":"CANARY"}'],
    ['another resource', '{"resourceType":"Patient","id":"CANARY"}'],
    ['a batch', '{"resourceType":"Bundle","type":"batch"}'],
    ['entries that are no list', '{"resourceType":"Bundle","type":"transaction","entry":{"CANARY":1}}'],
    ['an empty entry', '{"resourceType":"Bundle","type":"transaction","entry":[null]}'],
    [
      'an entry that reads',
      '{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"GET","url":"Patient?name=CANARY"}}]}',
    ],
    ['a name twice', '{"resourceType":"Bundle","type":"transaction","CANARY":1,"CANARY":2}'],
    ['__proto__', '{"resourceType":"Bundle","type":"transaction","__proto__":{"CANARY":1}}'],
    [
      'constructor',
      '{"resourceType":"Bundle","type":"transaction","entry":[{"constructor":{"prototype":{}}}]}',
    ],
    ['a lone surrogate', '{"resourceType":"Bundle","type":"transaction","language":"\\ud800"}'],
  ])('%s is refused in words that echo nothing', async (_case, body) => {
    const before = api.asked.length;
    const { status, outcome } = await post(body);
    expect(status).toBe(400);
    expect(outcome.resourceType).toBe('OperationOutcome');
    expect(JSON.stringify(outcome)).not.toContain('CANARY');
    expect(api.asked).toHaveLength(before);
  });

  it('bytes that are no UTF-8 are refused', async () => {
    const latin = Buffer.from(sized(100).replace('xxxx', 'éèàç'), 'latin1');
    expect((await post(latin)).text).toContain('UTF-8');
  });

  it('prototypes stay as they were', () => {
    expect(({} as Record<string, unknown>)['CANARY']).toBeUndefined();
  });

  it('XML is not written either: 406', async () => {
    const ask = (path: string, accept: string) =>
      fetch(`${api.url}/fhir/${path}`, { headers: { ...basic('reader'), Accept: accept } });
    expect((await ask('Organization', 'application/fhir+xml')).status).toBe(406);
    expect((await ask('Organization?_format=xml', '*/*')).status).toBe(406);
    expect((await ask('Organization?_format=application/fhir+json', 'text/html')).status).toBe(200);
    expect((await ask('Organization', 'text/html, application/fhir+json;q=0.9')).status).toBe(200);
  });
});

describe('time and room', () => {
  it('a sender that does not finish is cut off with 408, in headers and in body', async () => {
    const slow = await startApi(database.store, {
      timeouts: { headersMs: 200, requestMs: 400, keepAliveMs: 1000 },
    });
    const port = Number(new URL(slow.url).port);
    const headers = `POST /fhir HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('placer').Authorization}\r\n`;
    const unfinished = [
      'GET /fhir HTTP/1.1\r\nHost:',
      `${headers}Content-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n{"resource`,
    ];
    for (const start of unfinished) expect(await untilClosed(port, start)).toMatch(/^HTTP\/1\.1 408/);
    await slow.close();
  });

  it('a request beyond the limit is refused at once with Retry-After, and the next is taken again (P-29)', async () => {
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const narrow = await startApi(database.store, {
      maxInFlight: 1,
      exchange: {
        acceptTransaction: async () => {
          arrived.resolve();
          await gate.promise;
          return { status: 200 };
        },
      },
    });
    const headers = { ...basic('placer'), 'Content-Type': 'application/fhir+json' };
    const send = () => fetch(`${narrow.url}/fhir`, { method: 'POST', headers, body: sized(100) });
    const first = send();
    await arrived.promise;
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ issue: [{ code: 'transient' }] });
    expect((await fetch(`${narrow.url}/health/live`)).status).toBe(200);
    gate.resolve();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
    await narrow.close();
  });

  it('a taken port is said in words an integrator understands', async () => {
    const port = Number(new URL(api.url).port);
    await expect(listen(() => undefined, { host: '127.0.0.1', port })).rejects.toThrow(
      `le port ${port} est déjà pris`,
    );
  });
});

/** Everything a server says until it closes the connection. */
function untilClosed(port: number, start: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(start));
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}
