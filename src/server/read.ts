/** Reading one resource by id (FHIR R4 §3.1.0.1.2): found, deleted and missing are three answers, none an error. */
import { isGatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { CalledServer } from './called-server.ts';
import { resourcePath } from './service-address.ts';
import type { ReadResult } from './types.ts';
import { versionOfEtag } from './version.ts';
import { wrongAnswer } from './wrong-answer.ts';

/** Throws when the answer is another resource than the one asked for. */
export async function readResource(server: CalledServer, type: string, id: string): Promise<ReadResult> {
  const path = resourcePath(type, id);
  try {
    const { body, headers } = await server.call({ method: 'GET', path, effect: 'read' });
    return found(server.id, body, type, id, headers.get('etag'));
  } catch (error) {
    if (isGatewayError(error) && error.category === 'not-found') return { state: 'missing' };
    if (isGatewayError(error) && error.category === 'gone') return { state: 'deleted' };
    throw error;
  }
}

/** A resource that was read, checked to be the one asked for. */
export function found(server: string, body: unknown, type: string, id: string, etag: unknown): ReadResult {
  const resource = body as AnyResource | null | undefined;
  if (resource?.resourceType !== type || resource.id !== id) {
    throw wrongAnswer(server, 'il rend une autre ressource que celle demandée');
  }
  return { state: 'found', resource, versionId: resource.meta?.versionId ?? versionOfEtag(etag) };
}
