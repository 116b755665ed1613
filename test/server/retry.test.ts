import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/clock.ts';
import { systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { createServer } from '../../src/server/create-server.ts';
import { longestWaitMs, retryAfterMs } from '../../src/server/retry-after.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { serverConfig } from './open-server.ts';
import { newOrganization } from './resources.ts';

let hospital: Hospital;
let server: FhirServer;
let now: number;
let waits: number[];

/** Waits pass at once and are written down; a wait that is a request's time limit never passes. */
const clock: Clock = {
  now: () => now,
  sleep: (ms, signal) => {
    if (signal)
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    waits.push(ms);
    now += ms;
    return Promise.resolve();
  },
};

beforeEach(async () => {
  now = Date.parse('2026-11-22T10:00:00Z');
  waits = [];
  hospital = await startHospital({ name: 'Reprises', ids: 'client', clock: { now: () => now } });
  const ids = { ...systemIds, fraction: () => 0.5 };
  server = createServer(serverConfig(hospital.base), { clock, ids, log: createLog('silent') });
});
afterEach(async () => {
  await server.close();
  await hospital.close();
});

/** Fails the first requests one after the other, then no more; gives the number of requests seen. */
function failFirst(...faults: Fault[]): () => number {
  let seen = 0;
  hospital.setFaults(() => faults[seen++]);
  return () => seen;
}
const busy = (headers = {}): Fault => ({ kind: 'answer', status: 503, headers });

describe('a read that fails for a moment', () => {
  it('is repeated with growing, jittered waits', async () => {
    const seen = failFirst(busy(), { kind: 'reset', when: 'before' });
    expect(await server.read('Patient', 'nobody')).toEqual({ state: 'missing' });
    expect(seen()).toBe(3);
    expect(waits).toEqual([125, 250]);
  });

  it('is given up after three attempts', async () => {
    const seen = failFirst(busy(), busy(), busy(), busy());
    await expect(server.read('Patient', 'nobody')).rejects.toMatchObject({ category: 'unavailable' });
    expect(seen()).toBe(3);
  });

  it('waits as long as the server asks, in seconds or as a date (P-35)', async () => {
    failFirst(busy({ 'retry-after': '2' }), busy({ 'retry-after': 'Sun, 22 Nov 2026 10:00:05 GMT' }));
    await server.read('Patient', 'nobody');
    expect(waits).toEqual([2000, 3000]);
  });

  it.each(['Mon, 23 Nov 2026 10:00:00 GMT', 'Sat, 21 Nov 2026 10:00:00 GMT'])(
    'waits until that date by the server’s own clock, which may be a day off: %s',
    async (date) => {
      const later = new Date(Date.parse(date) + 5000).toUTCString();
      failFirst(busy({ date, 'retry-after': later }));
      await server.read('Patient', 'nobody');
      expect(waits).toEqual([5000]);
    },
  );

  it('is given up at once when the wait would pass the total time limit', async () => {
    const seen = failFirst(busy({ 'retry-after': '86400' }));
    await expect(server.read('Patient', 'nobody')).rejects.toMatchObject({ retryAfterMs: longestWaitMs });
    expect(seen()).toBe(1);
  });

  it('is not repeated when repeating cannot help', async () => {
    const seen = failFirst({ kind: 'answer', status: 403 });
    await expect(server.read('Patient', 'nobody')).rejects.toMatchObject({ category: 'forbidden' });
    expect(seen()).toBe(1);
  });

  it('may be a batch of reads', async () => {
    const seen = failFirst(busy());
    const wanted = ['a', 'b'].map((id) => ({ type: 'Patient', id }));
    expect(await server.readMany(wanted)).toEqual([{ state: 'missing' }, { state: 'missing' }]);
    expect(seen()).toBe(2);
  });
});

describe('a batch of reads', () => {
  const wanted = ['a', 'b'].map((id) => ({ type: 'Patient', id }));
  const both = [{ state: 'missing' }, { state: 'missing' }];

  it.each([400, 403, 404, 405, 422, 501])(
    'is read one by one where the server answers %i to batches',
    async (status) => {
      hospital.setFaults(({ method }) =>
        method === 'POST'
          ? {
              kind: 'answer',
              status,
              headers: { 'content-type': 'application/fhir+json' },
              body: '{"resourceType":"OperationOutcome"}',
            }
          : undefined,
      );
      expect(await server.readMany(wanted)).toEqual(both);
    },
  );

  it('reads an entry again by itself when the batch could not', async () => {
    const entry = [
      { response: { status: '500 Internal Server Error' } },
      { response: { status: '404 Not Found' } },
    ];
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry });
    failFirst({ kind: 'answer', status: 200, headers: { 'content-type': 'application/fhir+json' }, body });
    expect(await server.readMany(wanted)).toEqual(both);
  });
});

describe('reading each of many', () => {
  const wanted = ['a', 'b'].map((id) => ({ type: 'Patient', id }));
  const refusal = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };
  const answer = (status: number, body: object): Fault => ({
    ...{ kind: 'answer', status, headers: { 'content-type': 'application/fhir+json' } },
    body: JSON.stringify(body),
  });
  const missing = { state: 'missing' };

  it.each([
    [403, 'forbidden'],
    [500, 'unavailable'],
  ])('tells apart the one that its server answers %i to', async (status, category) => {
    hospital.setFaults(({ method, path }) => {
      if (path === 'Patient/a') return answer(status, refusal);
      if (method !== 'POST') return undefined;
      const entry = [status, 404].map((one) => ({ response: { status: String(one) } }));
      return answer(200, { resourceType: 'Bundle', type: 'batch-response', entry });
    });
    const unread = { state: 'unread', error: expect.objectContaining({ category }) };
    expect(await server.readEach(wanted)).toEqual([unread, missing]);
    await expect(server.readMany(wanted)).rejects.toMatchObject({ category });
  });

  it('reads alone what a batch gave wrongly', async () => {
    const entry = ['b', 'a'].map((id) => ({
      resource: { resourceType: 'Patient', id },
      response: { status: '200 OK' },
    }));
    hospital.setFaults(({ method }) =>
      method === 'POST' ? answer(200, { resourceType: 'Bundle', type: 'batch-response', entry }) : undefined,
    );
    expect(await server.readEach(wanted)).toEqual([missing, missing]);
  });

  it('gives up where the server is away, after a few that it does not answer', async () => {
    const many = Array.from({ length: 9 }, (_one, index) => ({ type: 'Patient', id: `p-${index}` }));
    const asked = new Set<string>();
    hospital.setFaults(({ method, path }) => {
      if (method === 'POST') return answer(405, refusal);
      asked.add(path);
      return busy();
    });
    await expect(server.readEach(many)).rejects.toMatchObject({ category: 'unavailable' });
    expect(asked.size).toBe(3);
    await expect(server.readEach(wanted)).rejects.toMatchObject({ category: 'unavailable' });
  });
});

describe('a write that fails', () => {
  it('is never repeated here: delivery reads back first', async () => {
    for (const fault of [busy({ 'retry-after': '0' }), { kind: 'reset', when: 'after' }] as Fault[]) {
      const seen = failFirst(fault, fault);
      await expect(server.transaction([newOrganization()])).rejects.toMatchObject({ retryable: true });
      await expect(server.update({ resourceType: 'Task', id: 'a' })).rejects.toMatchObject({
        retryable: true,
      });
      expect(seen()).toBe(2);
    }
    expect(waits).toEqual([]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['  5 ', 5000],
    ['999999999999', longestWaitMs],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', longestWaitMs],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j means %j ms', (header, expected) => {
    expect(retryAfterMs(header, Date.parse('2026-11-22T10:00:00Z'))).toBe(expected);
  });

  it('is never negative and never beyond an hour, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date().map((d) => d.toString()),
        ),
        (header) => {
          const wait = retryAfterMs(header, 1_700_000_000_000);
          return wait === undefined || (wait >= 0 && wait <= longestWaitMs);
        },
      ),
    );
  });
});
