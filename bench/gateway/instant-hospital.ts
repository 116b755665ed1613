/**
 * A hospital that answers at once and keeps nothing, as a process of its own: `node instant-hospital.ts [HOLD_MS]` prints its origin.
 * Any number of hospitals answer below `/<name>/fhir`. `POST /take` answers and forgets what arrived: milliseconds since 1970 by the
 * identifier of the placer's order. With HOLD_MS each transaction is answered so much later, and does not count when its sender is gone.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

type Entry = { resource?: { resourceType: string }; request: { method: string; url: string } };

const holdMs = Number(process.argv[2] ?? 0);
let arrived: Record<string, number> = {};
let ids = 0;

const capability = {
  ...{ resourceType: 'CapabilityStatement', status: 'active', kind: 'instance', fhirVersion: '4.0.1' },
  ...{ date: '2026-01-01', format: ['json'] },
  rest: [{ mode: 'server', interaction: [{ code: 'transaction' }, { code: 'batch' }] }],
};
const nothing = { resourceType: 'Bundle', type: 'searchset', total: 0, entry: [] };
const missing = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] };

const server = createServer((request, response) => void serve(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = performance.timeOrigin + performance.now();
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const path = request.url!;
  if (path === '/take') {
    answer(response, 200, arrived);
    arrived = {};
  } else if (path.endsWith('/metadata')) answer(response, 200, capability);
  else if (request.method === 'GET' && path.includes('?')) answer(response, 200, nothing);
  else if (request.method === 'POST') await bundle(text, at, response);
  else answer(response, 404, missing);
}

async function bundle(text: string, at: number, response: ServerResponse): Promise<void> {
  const { type, entry = [] } = JSON.parse(text) as { type: string; entry?: Entry[] };
  if (type === 'batch') {
    const none = { response: { status: '404 Not Found', outcome: missing } };
    return answer(response, 200, {
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: entry.map(() => none),
    });
  }
  if (holdMs) await sleep(holdMs);
  if (response.socket?.destroyed !== false) return;
  const [, order] = /"intent":"filler-order"/.test(text) ? (/"value":"(BANC-[^"]+)"/.exec(text) ?? []) : [];
  if (order) arrived[order] ??= at + holdMs;
  const lastModified = new Date(at).toISOString();
  const answers = entry.map(({ resource, request: { method, url } }) => {
    const place = method === 'PUT' ? url : `${resource!.resourceType}/${(ids += 1)}`;
    return {
      response: { status: '201 Created', location: `${place}/_history/1`, etag: 'W/"1"', lastModified },
    };
  });
  answer(response, 200, { resourceType: 'Bundle', type: 'transaction-response', entry: answers });
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'application/fhir+json', 'content-length': length }).end(text);
}
