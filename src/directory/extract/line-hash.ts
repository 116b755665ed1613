import { hash } from 'node:crypto';
import type { Digest } from '../files/digest.ts';

/** Bytes of a hash. */
export const hashBytes = 16;

/** Writes the first 16 bytes of the SHA-256 of a line into `into`. A text in between is twice as fast as a buffer. */
export function hashLine(line: Buffer | string, into: Buffer): void {
  into.write(hash('sha256', line, 'binary'), 0, hashBytes, 'binary');
}

/** The first 16 bytes of a SHA-256, in memory of the pool: a buffer each of its own costs more than the hash. */
export function hashOf(content: Buffer | string): Buffer {
  const hashed = Buffer.allocUnsafe(hashBytes);
  hashLine(content, hashed);
  return hashed;
}

/** The first 64 bits of a hash. */
export function digestOfHash(bytes: Buffer): Digest {
  return { high: bytes.readUInt32BE(0), low: bytes.readUInt32BE(4) };
}
