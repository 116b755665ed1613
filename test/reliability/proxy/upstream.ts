/** The way on from the proxy to the hospital: one request, its whole answer. */
import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type Forwarded = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer };
export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

export type Upstream = {
  /** Sends a request; its body in pieces over `slowMs`. Rejects when the hospital does not answer. */
  send(request: Forwarded, slowMs?: number): Promise<Answer>;
  close(): void;
};

/** Headers that belong to one connection (RFC 9110 §7.6.1), and those that are set anew. */
const ownOfConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host']);

/**
 * To the origin of a hospital. Whatever both sides say of the other's address is rewritten, as reverse proxies do: the
 * hospital knows itself under its own origin, the gateway under that of the proxy.
 */
export function createUpstream(origin: string, proxyOrigin: () => string): Upstream {
  const agent = new Agent({ keepAlive: true });
  const there = (text: string): string => text.replaceAll(proxyOrigin(), origin);
  const here = (text: string): string => text.replaceAll(origin, proxyOrigin());
  return {
    async send({ method, path, headers, body }, slowMs = 0) {
      const sent = rewritten(body, headers, there);
      const length = body.length ? { 'content-length': String(sent.length) } : {};
      const asked = request(`${origin}${path}`, {
        ...{ method, agent, headers: { ...endToEnd(headers, there), ...length } },
      });
      const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
      await Promise.race([answered, inPieces(sent, slowMs, (piece) => void asked.write(piece))]);
      asked.end();
      const [answer] = await answered;
      const parts = await Array.fromAsync(answer as AsyncIterable<Buffer>);
      const own = endToEnd(answer.headers, here);
      return { status: answer.statusCode!, headers: own, body: rewritten(Buffer.concat(parts), own, here) };
    },
    close: () => agent.destroy(),
  };
}

/** Hands over the bytes, in pieces over some time when there is one. */
export async function inPieces(bytes: Buffer, overMs: number, write: (piece: Buffer) => void): Promise<void> {
  if (bytes.length === 0) return;
  const size = overMs > 0 ? Math.ceil(bytes.length / 20) : bytes.length;
  const pauseMs = overMs / Math.ceil(bytes.length / size);
  for (let at = 0; at < bytes.length; at += size) {
    write(bytes.subarray(at, at + size));
    if (overMs > 0) await sleep(pauseMs);
  }
}

function endToEnd(headers: IncomingHttpHeaders, rewrite: (text: string) => string): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ownOfConnection.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? rewrite(value) : value]),
  );
}

function rewritten(body: Buffer, headers: IncomingHttpHeaders, rewrite: (text: string) => string): Buffer {
  if (!(headers['content-type'] ?? '').includes('json')) return body;
  return Buffer.from(rewrite(body.toString('utf8')));
}
