/** Bytes and the record they are kept under: their size and digests are of the very bytes (DOC-03). */
import { createHash } from 'node:crypto';
import type { DocumentRecord } from '../store/documents.ts';

export type Kept = { record: DocumentRecord; bytes: Buffer };

/** A record of some bytes; what they are is told by the caller. */
export function keptAs(bytes: Buffer, told: Omit<DocumentRecord, 'size' | 'sha1' | 'sha256'>): Kept {
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  const record = { ...told, size: bytes.length, sha1: digest('sha1'), sha256: digest('sha256') };
  return { record, bytes };
}
