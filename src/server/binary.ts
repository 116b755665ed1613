/**
 * Bytes of a Binary. It is asked for as FHIR JSON: asked for raw, a stored FHIR document could not be told from the
 * Binary that wraps it, and base64 gives the same bytes.
 */
import { GatewayError } from '../fhir/error.ts';
import type { CalledServer } from './called-server.ts';
import { readResource } from './read.ts';
import { wrongAnswer } from './wrong-answer.ts';

/** Throws `not-found` or `gone` when there is none, `invalid` when its base64 is broken. */
export async function readBinary(
  server: CalledServer,
  id: string,
): Promise<{ contentType: string; bytes: Buffer }> {
  const result = await readResource(server, 'Binary', id);
  if (result.state !== 'found') {
    throw new GatewayError({
      category: result.state === 'deleted' ? 'gone' : 'not-found',
      side: 'server',
      message: `Serveur « ${server.id} » : le contenu du document n’y est ${result.state === 'deleted' ? 'plus' : 'pas'}.`,
    });
  }
  const { contentType, data } = result.resource as { contentType?: unknown; data?: unknown };
  const base64 = typeof data === 'string' ? data.replace(/\s+/g, '') : data === undefined ? '' : undefined;
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (typeof contentType !== 'string' || base64 === undefined || bytes.toString('base64') !== base64) {
    throw wrongAnswer(server.id, 'le contenu du document est illisible (type ou base64)');
  }
  return { contentType, bytes };
}
