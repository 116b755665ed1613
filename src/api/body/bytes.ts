/**
 * Reads a request body within limits, compressed or not. Decompression is bounded while it streams, by bytes and by
 * ratio, so that a gzip bomb costs neither memory nor time.
 */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isGatewayError } from '../../fhir/error.ts';
import { malformed, tooManyBytes, unsupportedMedia } from './refusals.ts';

/** Resources compress 10 to 50 times; deflate itself ends near 1,032. */
export const maxGzipRatio = 100;

/** The ratio speaks only beyond this size: a few kilobytes of blanks are no bomb. */
const ratioFloorBytes = 65_536;

/**
 * The body's bytes, decompressed. Throws `too-large` (413) over `limit` bytes received or decompressed or over the gzip
 * ratio, `media-type` (415) for another encoding, `invalid` (400) for broken gzip or a body that stops early.
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw unsupportedMedia('Content-Encoding non pris en charge : gzip ou aucun.');
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooManyBytes('reçus', limit);
  const received = { bytes: 0 };
  const source = counted(request, received, limit);
  try {
    if (encoding === 'identity') return await collect(source, () => undefined, announced);
    const chunks: { all?: Buffer } = {};
    await pipeline(source, createGunzip(), async (inflated: AsyncIterable<Buffer>) => {
      chunks.all = await collect(inflated, (bytes) => guardInflation(bytes, received.bytes, limit));
    });
    return chunks.all ?? Buffer.alloc(0);
  } catch (error) {
    if (isGatewayError(error)) throw error;
    throw malformed(
      encoding === 'gzip' ? 'Corps gzip illisible ou incomplet.' : 'Corps interrompu avant sa fin.',
    );
  }
}

function guardInflation(inflated: number, received: number, limit: number): void {
  if (inflated > limit) throw tooManyBytes('décompressés', limit);
  if (inflated > ratioFloorBytes && inflated > received * maxGzipRatio)
    throw tooManyBytes('décompressés', received * maxGzipRatio);
}

/** Leaves the request undestroyed when it stops: its socket still has to carry the refusal. */
async function* counted(
  request: IncomingMessage,
  received: { bytes: number },
  limit: number,
): AsyncGenerator<Buffer> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    received.bytes += bytes.length;
    if (received.bytes > limit) throw tooManyBytes('reçus', limit);
    yield bytes;
  }
}

/** Into one buffer of the announced length where there is one: a document is never held twice, in pieces and joined. */
async function collect(
  source: AsyncIterable<Buffer>,
  check: (bytes: number) => void,
  announced = 0,
): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(announced);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    check(bytes + chunk.length);
    if (announced) chunk.copy(whole, bytes);
    else chunks.push(chunk);
    bytes += chunk.length;
  }
  return announced ? whole.subarray(0, bytes) : Buffer.concat(chunks, bytes);
}
