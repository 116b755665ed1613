/** An HTTP server that answers 200 once what it was sent is taken; prints its URL. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export function serveBodies(take: (body: Buffer) => Promise<unknown>): void {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await take(Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)));
    response.writeHead(200, { 'content-length': 0 }).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () =>
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
  );
}
