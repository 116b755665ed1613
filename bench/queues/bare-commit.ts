/** The least that keeps a promise: `node bare-commit.ts DATABASE_URL` commits each body as one row, then answers 200. Prints its URL. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
await pool.query('create table if not exists bench_bare (id bigserial primary key, body bytea not null)');

const server = createServer((request, response) => void keep(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
);

async function keep(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  await pool.query('insert into bench_bare (body) values ($1)', [body]);
  response.writeHead(200, { 'content-length': 0 }).end();
}
