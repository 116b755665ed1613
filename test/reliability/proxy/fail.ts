/** Carries one request to the hospital and its answer back, or not, as a fault says. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, page } from './fault.ts';
import { type Answer, type Forwarded, inPieces, type Upstream } from './upstream.ts';

/** Resolves when the hospital is done with it; whether the caller has an answer by then is the fault's affair. */
export async function fail(
  fault: Exclude<Fault, { kind: 'refuse' }> | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
): Promise<void> {
  if (fault?.kind === 'reset' && fault.in === 'request') return resetWhileReading(request, fault.part);
  const forwarded = await whole(request);
  switch (fault?.kind) {
    case 'half-open':
      if (fault.reached) await upstream.send(forwarded);
      return; // the connection stays, and says nothing
    case 'throttle':
      return answer(response, 429, { 'retry-after': fault.retryAfter }, page);
    case 'status':
      if (fault.reached) await upstream.send(forwarded);
      return answer(response, fault.status, {}, page);
    case 'page':
      if (fault.reached) await upstream.send(forwarded);
      return answer(response, 200, {}, page);
    case 'duplicate':
      return pass(response, await twice(forwarded, fault, upstream));
    case 'slow': {
      const got = await upstream.send(forwarded, fault.in === 'request' ? fault.ms : 0);
      return fault.in === 'request' ? pass(response, got) : trickle(response, got, fault.ms);
    }
    case 'reset': {
      const got = await upstream.send(forwarded);
      return cut(response, got, got.body.length, fault.part, () => void response.socket?.resetAndDestroy());
    }
    case 'truncate': {
      const got = await upstream.send(forwarded);
      const announced = fault.hidden ? Math.floor(got.body.length * fault.part) : got.body.length;
      return cut(response, got, announced, fault.part, () => void response.socket?.end());
    }
    case 'length': {
      const got = await upstream.send(forwarded);
      const announced = Math.max(0, got.body.length + fault.by);
      return cut(response, got, announced, 1, () => void response.socket?.end());
    }
    case undefined:
      return pass(response, await upstream.send(forwarded));
  }
}

async function whole(request: IncomingMessage): Promise<Forwarded> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  return { method: request.method!, path: request.url!, headers: request.headers, body };
}

/** Reads a part of the announced body, at once where there is none, and resets the connection. */
async function resetWhileReading(request: IncomingMessage, part: number): Promise<void> {
  const wanted = Math.floor(part * Number(request.headers['content-length'] ?? 0));
  let read = 0;
  if (wanted > 0)
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      read += (chunk as Buffer).length;
      if (read >= wanted) break;
    }
  request.socket.resetAndDestroy();
}

async function twice(
  forwarded: Forwarded,
  { apartMs, answer: which }: { apartMs: number; answer: 'first' | 'second' },
  upstream: Upstream,
): Promise<Answer> {
  const first = upstream.send(forwarded);
  if (apartMs > 0) await Promise.all([first.catch(() => undefined), sleep(apartMs)]);
  const second = upstream.send(forwarded);
  const [one, other] = await Promise.all([first, second]);
  return which === 'first' ? one : other;
}

function answer(response: ServerResponse, status: number, headers: OutgoingHttpHeaders, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}

function pass(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

async function trickle(
  response: ServerResponse,
  { status, headers, body }: Answer,
  ms: number,
): Promise<void> {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  await inPieces(body, ms, (piece) => void response.write(piece));
  response.end();
}

/** Writes an answer that announces one length and carries a part of its body, then ends the connection in its way. */
function cut(
  response: ServerResponse,
  { status, headers, body }: Answer,
  announced: number,
  part: number,
  end: () => void,
): void {
  const { socket } = response;
  if (!socket) return;
  const lines = Object.entries({ ...headers, 'content-length': String(announced) }).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  );
  socket.write(`HTTP/1.1 ${status} \r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(body.subarray(0, Math.floor(body.length * part)), () => setTimeout(end, 5));
}
