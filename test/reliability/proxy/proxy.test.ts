import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultOf, optionsOf } from './draw.ts';
import { type Fault, faultKinds } from './fault.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

type Seen = { status?: number; headers?: Record<string, unknown>; body?: string; error?: string; ms: number };

let hospital: Server;
let origin: string;
let reached: string[];
let proxy: FaultProxy;
const answerBody = (): string =>
  JSON.stringify({ resourceType: 'Bundle', self: `${origin}/fhir`, text: 'x'.repeat(2_000) });

beforeEach(async () => {
  reached = [];
  hospital = createServer((asked, response) => void answer(asked, response));
  await new Promise<void>((resolve) => hospital.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(hospital.address() as AddressInfo).port}`;
  proxy = await startFaultProxy(`${origin}/fhir`);
});
afterEach(async () => {
  await proxy.close();
  hospital.closeAllConnections();
  await new Promise((resolve) => hospital.close(resolve));
});

async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(asked as AsyncIterable<Buffer>)).toString();
  reached.push(`${asked.method} ${asked.url} ${body}`);
  response.setHeader('content-type', 'application/fhir+json');
  response.setHeader('x-number', String(reached.length));
  response.end(answerBody());
}

/** One request as a client sees it, given up after half a second of silence. */
function ask(body = '{"resourceType":"Patient"}', limitMs = 500): Promise<Seen> {
  const start = performance.now();
  return new Promise((resolve) => {
    const seen = (what: Omit<Seen, 'ms'>): void => resolve({ ...what, ms: performance.now() - start });
    const headers = { 'content-type': 'application/fhir+json', 'content-length': Buffer.byteLength(body) };
    const asked = request(`${proxy.base}/Patient`, { method: 'POST', agent: false, headers }, (answer) => {
      const parts: Buffer[] = [];
      const told = { status: answer.statusCode!, headers: answer.headers };
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', (error: NodeJS.ErrnoException) =>
        seen({ ...told, body: Buffer.concat(parts).toString(), error: error.code! }),
      );
      answer.on('end', () => seen({ ...told, body: Buffer.concat(parts).toString() }));
    });
    asked.setTimeout(limitMs, () => asked.destroy(Object.assign(new Error(), { code: 'SILENCE' })));
    asked.on('error', (error: NodeJS.ErrnoException) => seen({ error: error.code! }));
    asked.end(body);
  });
}

async function under(fault: Fault, body?: string): Promise<Seen> {
  proxy.setFaults(() => fault);
  return ask(body);
}

describe('a proxy that is told to fail nothing', () => {
  it('passes requests and answers on, each side under the address it knows', async () => {
    const { status, body } = await ask(`{"base":"${proxy.base}"}`);
    expect([status, (JSON.parse(body!) as { self: string }).self]).toEqual([200, proxy.base]);
    expect(reached).toEqual([`POST /fhir/Patient {"base":"${origin}/fhir"}`]);
  });
});

describe('each fault is what it says', () => {
  it('refuse: the connection breaks, none is taken for a while, then again on the same port', async () => {
    expect(await under({ kind: 'refuse', ms: 150 })).toMatchObject({ error: 'ECONNRESET' });
    proxy.setFaults(undefined);
    expect(await ask()).toMatchObject({ error: 'ECONNREFUSED' });
    await proxy.settled();
    expect(await ask()).toMatchObject({ status: 200 });
    expect(reached).toHaveLength(1);
  });

  it('reset in the request: it never reaches the hospital', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(500_000) });
    expect(await under({ kind: 'reset', in: 'request', part: 0.5 }, long)).toMatchObject({
      error: expect.stringMatching(/ECONNRESET|EPIPE/),
    });
    expect(reached).toEqual([]);
  });

  it('reset in the answer: it was carried out', async () => {
    const seen = await under({ kind: 'reset', in: 'answer', part: 0.5 });
    expect(seen.error).toBe('ECONNRESET');
    expect(reached).toHaveLength(1);
  });

  it.each([true, false])('half-open: silence, the hospital reached: %s', async (hit) => {
    expect(await under({ kind: 'half-open', reached: hit })).toMatchObject({ error: 'SILENCE' });
    await proxy.settled();
    expect(reached).toHaveLength(hit ? 1 : 0);
  });

  it.each(['request', 'answer'] as const)('slow %s: whole in the end', async (way) => {
    const seen = await under({ kind: 'slow', in: way, ms: 200 });
    expect(seen).toMatchObject({ status: 200 });
    expect(seen.body).toHaveLength((await plain()).length);
    expect(seen.ms).toBeGreaterThan(150);
  });

  it('truncate: the answer stops before its announced end', async () => {
    const seen = await under({ kind: 'truncate', part: 0.5, hidden: false });
    expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(seen.body!.length).toBeLessThan((await plain()).length);
  });

  it('truncate, hidden: half an answer that looks whole', async () => {
    const seen = await under({ kind: 'truncate', part: 0.5, hidden: true });
    expect(seen.error).toBeUndefined();
    expect(() => JSON.parse(seen.body!) as unknown).toThrow();
  });

  it.each(['first', 'second'] as const)(
    'duplicate: carried out twice, answered with the %s',
    async (answer) => {
      const seen = await under({ kind: 'duplicate', apartMs: 20, answer });
      expect(seen.headers).toMatchObject({ 'x-number': answer === 'first' ? '1' : '2' });
      expect(reached).toHaveLength(2);
      expect(reached[0]).toBe(reached[1]);
    },
  );

  it.each(['2', 'Sun, 29 Nov 2026 10:00:00 GMT', '99999999999', '-5', ''])(
    'throttle: 429 with Retry-After “%s”, not carried out',
    async (retryAfter) => {
      const seen = await under({ kind: 'throttle', retryAfter });
      expect(seen).toMatchObject({ status: 429, headers: { 'retry-after': retryAfter } });
      expect(reached).toEqual([]);
    },
  );

  it.each([500, 502, 503, 504] as const)('status %i, after the hospital did it', async (status) => {
    expect(await under({ kind: 'status', status, reached: true })).toMatchObject({ status });
    expect(reached).toHaveLength(1);
  });

  it('length too long: the end of the connection comes before that of the body', async () => {
    expect(await under({ kind: 'length', by: 7 })).toMatchObject({ status: 200, error: 'ECONNRESET' });
  });

  it('length too short: half an answer, and bytes nobody asked for after it', async () => {
    const { body } = await under({ kind: 'length', by: -7 });
    expect(() => JSON.parse(body!) as unknown).toThrow();
  });

  it.each([true, false])('page: 200 and HTML, the hospital reached: %s', async (hit) => {
    const seen = await under({ kind: 'page', reached: hit });
    expect(seen).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(reached).toHaveLength(hit ? 1 : 0);
  });

  it('counts what it did', async () => {
    await under({ kind: 'page', reached: false });
    await under({ kind: 'throttle', retryAfter: '1' });
    expect(proxy.counts()).toEqual({ page: 1, throttle: 1 });
  });
});

describe('what a seed draws', () => {
  const faults = (seed: number): (Fault | undefined)[] =>
    Array.from({ length: 400 }, (_, n) => faultOf(optionsOf(seed), n, 0));

  it('is the same for the same seed, and other for another', () => {
    expect([optionsOf(5), faults(5)]).toEqual([optionsOf(5), faults(5)]);
    expect(faults(5)).not.toEqual(faults(6));
  });

  it('stays within its options', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { kinds, rate } = optionsOf(seed);
      const met = faults(seed).flatMap((fault) => fault ?? []);
      expect(met.every(({ kind }) => kinds.includes(kind))).toBe(true);
      expect(Math.abs(met.length / 400 - rate)).toBeLessThan(0.1);
    }
  });

  it('meets every kind, and every form of Retry-After', () => {
    const met = Array.from({ length: 50 }, (_, seed) => faults(seed)).flat();
    expect(new Set(met.flatMap((fault) => fault?.kind ?? []))).toEqual(new Set(faultKinds));
    const asked = new Set(met.flatMap((fault) => (fault?.kind === 'throttle' ? fault.retryAfter : [])));
    expect([...asked]).toEqual(expect.arrayContaining(['1', '', '-5', '99999999999']));
    expect([...asked].some((text) => text.endsWith('GMT') && !text.includes('00:00:00'))).toBe(true);
  });
});

/** The answer without any fault. */
async function plain(): Promise<string> {
  proxy.setFaults(undefined);
  return (await ask()).body!;
}
