/**
 * Cursors of pages: a place and the search it belongs to, sealed (AES-256-GCM), so that a link can stand in any proxy's
 * log and nobody can change or borrow one.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Json } from '../../fhir/types.ts';
import { malformed } from '../body/refusals.ts';
import type { Caller } from '../types.ts';

export type Cursors = {
  seal(caller: Caller, state: Json): string;
  /** What was sealed for this very caller. Throws `invalid` (400) for any other text. */
  open(caller: Caller, cursor: string): Json;
};

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** Cursors that every gateway with the same deployment secret can open. */
export function createCursors(secret: string): Cursors {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'passerelle page cursor', 32));
  return {
    seal: (caller, state) => {
      const iv = randomBytes(ivBytes);
      const sealing = createCipheriv(cipher, key, iv).setAAD(ownerOf(caller));
      const sealed = Buffer.concat([sealing.update(JSON.stringify(state), 'utf8'), sealing.final()]);
      return Buffer.concat([iv, sealing.getAuthTag(), sealed]).toString('base64url');
    },
    open: (caller, cursor) => {
      try {
        const bytes = Buffer.from(cursor, 'base64url');
        const opening = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
          .setAAD(ownerOf(caller))
          .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const opened = Buffer.concat([opening.update(bytes.subarray(ivBytes + tagBytes)), opening.final()]);
        return JSON.parse(opened.toString('utf8')) as Json;
      } catch {
        throw malformed('Curseur de page inconnu : reprenez la recherche depuis sa première page.');
      }
    },
  };
}

function ownerOf(caller: Caller): Buffer {
  return Buffer.from(JSON.stringify([caller.tenant, caller.client]));
}
