/** Are the bytes at the server those that were received? Read back, never believed. */
import { createHash } from 'node:crypto';
import type { Receipt } from '../delivery/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { DocumentRecord } from '../store/documents.ts';

/** `sha256` (hex) and `size` of what the server has; `same` compares them with what was received. */
export type Verified = { same: boolean; sha256: string; size: number; contentType: string };

/** Throws what the server throws, `not-found` or `gone` included: then it has no such document. */
export async function verifyDelivery(
  server: FhirServer,
  receipt: Pick<Receipt, 'localId'>,
  document: Pick<DocumentRecord, 'sha256' | 'size'>,
): Promise<Verified> {
  const { contentType, bytes } = await server.binary(receipt.localId);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const same = sha256 === document.sha256 && bytes.length === document.size;
  return { same, sha256, size: bytes.length, contentType };
}
