/** Bytes of a directory file as it was published: text, zip or gzip; what it expands to is bounded while it expands. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isGatewayError } from '../../fhir/error.ts';
import { fileFault } from './fault.ts';
import type { FoundFile } from './find-file.ts';
import { openZipMember } from './zip-member.ts';

export type ByteLimits = {
  /** Bytes after expansion. */
  expanded: number;
  /** Expanded bytes for one compressed byte; text of a directory stays below 30. */
  ratio: number;
};

/** Eight times the national extract of 2026. */
export const byteLimits: ByteLimits = { expanded: 6 * 1024 ** 3, ratio: 200 };

/** Small enough that what is committed beside the reading gets its turns. */
const chunkBytes = 256 * 1024;

/**
 * Name (of the member, in a zip, with those beside it) and chunks of a file. `wanted` tells the member; a zip must hold exactly one of the kind.
 * @throws GatewayError (side directory) at a damaged, encrypted or exploding archive, and at a file that cannot be read
 */
export async function openBytes(
  file: FoundFile,
  wanted: RegExp,
  limits: ByteLimits = byteLimits,
): Promise<{ name: string; beside?: readonly string[]; chunks: AsyncIterable<Buffer> }> {
  if (/\.zip$/i.test(file.name)) {
    const member = await openZipMember(file, wanted, limits);
    return { name: member.name, beside: member.beside, chunks: watched(file, member.stream) };
  }
  const raw = createReadStream(file.path, { highWaterMark: chunkBytes });
  if (!/gz$/i.test(file.name)) return { name: file.name, chunks: watched(file, raw) };
  const stream = raw.pipe(createGunzip({ chunkSize: chunkBytes }));
  raw.on('error', (error) => stream.destroy(error));
  return { name: file.name, chunks: bounded(file, watched(file, stream), () => raw.bytesRead, limits) };
}

/** Passes chunks on until they are more than the limits allow. */
async function* bounded(
  file: FoundFile,
  chunks: AsyncIterable<Buffer>,
  compressed: () => number,
  limits: ByteLimits,
): AsyncGenerator<Buffer> {
  let expanded = 0;
  for await (const chunk of chunks) {
    expanded += chunk.length;
    if (expanded > limits.expanded || expanded > 1024 ** 2 * 16 + compressed() * limits.ratio) {
      throw fileFault('too-large', { file: file.name }, 'archive qui se déploie sans fin : refusée.');
    }
    yield chunk;
  }
}

/** Failures of the file system and of decompression in our words. */
async function* watched(file: FoundFile, stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code.startsWith('E') && !code.startsWith('ERR')) {
      throw fileFault('unavailable', { file: file.name }, 'le fichier ne peut être lu.', cause);
    }
    throw fileFault(
      'invalid',
      { file: file.name },
      'archive endommagée ou coupée : rien n’en est repris.',
      cause,
    );
  } finally {
    stream.destroy();
  }
}
