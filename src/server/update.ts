/** Updating one resource under If-Match (FHIR R4 §3.1.0.5): a lost update is a conflict, never a win (P-23). */
import type { AnyResource } from '../fhir/types.ts';
import type { CalledServer } from './called-server.ts';
import { unreadable } from './caller.ts';
import { resourcePath } from './service-address.ts';
import type { EntryReceipt } from './types.ts';
import { etagOf, versionOfEtag } from './version.ts';

/** The representation is asked for because headers tell the time of a version only to the second. */
export async function updateResource(
  { id: server, call }: CalledServer,
  resource: AnyResource & { id: string },
  ifMatch?: string,
): Promise<EntryReceipt> {
  const { resourceType: type, id } = resource;
  const { status, headers, body } = await call({
    method: 'PUT',
    path: resourcePath(type, id),
    body: resource,
    headers: {
      prefer: 'return=representation',
      ...(ifMatch === undefined ? {} : { 'if-match': etagOf(ifMatch) }),
    },
    effect: 'write',
  });
  const answered = body as Partial<AnyResource>;
  const isIt = answered.resourceType === type && answered.id === id;
  if (!isIt && answered.resourceType !== undefined && answered.resourceType !== 'OperationOutcome') {
    throw unreadable(server, 'write', 'il répond à la mise à jour par une autre ressource');
  }
  return {
    type,
    localId: id,
    versionId: (isIt ? answered.meta?.versionId : undefined) ?? versionOfEtag(headers.get('etag')),
    lastUpdated: (isIt ? answered.meta?.lastUpdated : undefined) ?? instantOf(headers.get('last-modified')),
    status: status === 201 ? '201 Created' : '200 OK',
  };
}

function instantOf(httpDate: string | null): string | undefined {
  const at = Date.parse(httpDate ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
