import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetchAnswer } from '../../../src/directory/api/fetch.ts';

let server: Server;
let base: string;
let elsewhere = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    switch (request.url) {
      case '/redirect':
        return response.writeHead(302, { location: `${base}/elsewhere` }).end();
      case '/elsewhere':
        elsewhere += 1;
        return response.end('there');
      case '/bomb':
        return response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50_000_000)));
      case '/reset':
        response.writeHead(200, { 'content-length': '1000' });
        response.write('half');
        return setImmediate(() => response.destroy());
      case '/silent':
        return undefined;
      default:
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('é'.repeat(10)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const get = (path: string, signal: AbortSignal = new AbortController().signal) =>
  fetchAnswer(`${base}${path}`, { headers: { 'esante-api-key': 'secret-key' }, signal, mostBytes: 1000 });

describe('one GET to a directory', () => {
  it('reads a compressed body', async () => {
    expect((await get('/')).body.toString()).toBe('é'.repeat(10));
  });

  it('does not follow a redirect: nothing, and no key, arrives there', async () => {
    expect((await get('/redirect')).status).toBe(302);
    expect(elsewhere).toBe(0);
  });

  it('stops reading at the limit of decompressed bytes', async () => {
    await expect(get('/bomb')).rejects.toMatchObject({ category: 'too-large', side: 'directory' });
  });

  it('says that the connection broke, without the key', async () => {
    const error = await get('/reset').catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ category: 'unavailable', side: 'directory', retryable: true });
    expect((error as Error).message).not.toContain('secret-key');
  });

  it('calls a deadline a timeout, and throws an abort as it came', async () => {
    await expect(get('/silent', AbortSignal.timeout(100))).rejects.toMatchObject({ category: 'timeout' });
    await expect(get('/silent', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
