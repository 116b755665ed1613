/** Stored documents as servers are told of them, and told that they no longer hold. */
import { bodyHash } from '../change/links.ts';
import type { WriteEntry } from '../delivery/types.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import { atServer, documentKey, type Place } from './document-reference.ts';

/** A stored document and the gateway's own metadata of it. */
export type Told = { record: DocumentRecord; own: AnyResource };

/** A document that no longer holds, with its print, and the servers that it was queued for. */
export type Replaced = { document: DocumentRecord; held: Told[]; servers: string[] };

/**
 * The metadata of an earlier document with their new status, as a server has them: all of it, or, for servers that take
 * submissions, that status as a patch.
 */
export function supersededEntry({ record, own }: Told, place: Omit<Place, 'url'>): WriteEntry {
  const body = atServer(own, record.id, place);
  return {
    ...{ type: 'DocumentReference', key: documentKey(record.id), ifThere: true as const },
    ...{ body: { ...body, status: 'superseded' }, mayHold: [bodyHash(body)] },
    ...(place.submitted
      ? { patch: { type: 'DocumentReference', element: 'status', code: 'superseded' } }
      : {}),
    ...(place.submitted === 'simplified' ? { alone: true as const, documentId: record.id } : {}),
  };
}
