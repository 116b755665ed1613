/** A ZIP archive too long to hold: its parts come in pieces from wherever its bytes are (APPNOTE 6.3, as `zip.ts`). */
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import {
  directoryPlace,
  localLength,
  type Part,
  partsOf,
  tailLength,
  ZipFault,
  type ZipLimits,
} from './zip.ts';

/** Bytes that can be read from any place, `to` not included. */
export type ByteSource = { size: number; bytes(from: number, to: number): AsyncIterable<Uint8Array> };

export type ZipStream = {
  names: readonly string[];
  /** The pieces of a part; undefined when it is not there. Its faults are thrown while it is read, as ZipFault. */
  part(name: string): AsyncIterable<Uint8Array> | undefined;
};

/** `limits.expanded`: bytes of all parts read together. Throws ZipFault. */
export async function openZipStream(source: ByteSource, limits: ZipLimits): Promise<ZipStream> {
  const tail = await viewOf(source, Math.max(0, source.size - tailLength), source.size);
  const { at, count } = directoryPlace(tail);
  if (count > limits.parts) throw new ZipFault('too-large');
  if (source.size - at > maxDirectory) throw new ZipFault('damaged');
  const parts = partsOf(await viewOf(source, at, source.size), count, limits);
  const left = { bytes: limits.expanded };
  return {
    names: [...parts.keys()],
    part: (name) => {
      const part = parts.get(name);
      return part && expanded(source, part, left);
    },
  };
}

/** A directory of as many parts as there may be, their names and a comment. */
const maxDirectory = 4 * 1024 * 1024;

async function viewOf(source: ByteSource, from: number, to: number): Promise<DataView> {
  if (from > to) throw new ZipFault('damaged');
  const bytes = await allOf(source.bytes(from, to));
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Pieces as one. */
export async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

async function* expanded(
  source: ByteSource,
  part: Part,
  left: { bytes: number },
): AsyncGenerator<Uint8Array> {
  const header = await viewOf(source, part.offset, Math.min(source.size, part.offset + 30));
  const start = part.offset + localLength(header, part);
  if (start + part.size > source.size) throw new ZipFault('damaged');
  const packed = source.bytes(start, start + part.size);
  let crc = 0;
  try {
    for await (const piece of part.method === 8 ? inflated(packed) : packed) {
      left.bytes -= piece.length;
      if (left.bytes < 0) throw new ZipFault('too-large');
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    throw isZlib(error) ? new ZipFault('damaged') : error;
  }
  if (crc !== part.crc) throw new ZipFault('damaged');
}

function inflated(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // A failure of either reaches who reads; one who stops early ends both.
  return pipeline(Readable.from(packed, { objectMode: false }), createInflateRaw(), () => undefined);
}

function isZlib(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_');
}
