/** Are the bytes at the server those that were received? Read back, never believed. */
import { createHash } from 'node:crypto';
import type { Receipt } from '../delivery/types.ts';
import { GatewayError } from '../fhir/error.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { DocumentReference } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { DocumentRecord } from '../store/documents.ts';

/** `sha256` (hex) and `size` of what the server has; `same` compares them with what was received. */
export type Verified = { same: boolean; sha256: string; size: number; contentType: string };

/** A receipt of the Binary, or of a DocumentReference with its content inside. Throws what the server throws, `not-found` or `gone` included: then it has no such document. */
export async function verifyDelivery(
  server: FhirServer,
  receipt: Pick<Receipt, 'type' | 'localId'>,
  document: Pick<DocumentRecord, 'sha256' | 'size'>,
): Promise<Verified> {
  const { contentType, bytes } = await contentAt(server, receipt);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const same = sha256 === document.sha256 && bytes.length === document.size;
  return { same, sha256, size: bytes.length, contentType };
}

/** A recipient of ITI-105 may keep the content elsewhere and say where: then it is read there, on the same server only. */
async function contentAt(
  server: FhirServer,
  { type, localId }: Pick<Receipt, 'type' | 'localId'>,
): Promise<{ contentType: string; bytes: Buffer }> {
  if (type === 'Binary') return server.binary(localId);
  const read = await server.read(type, localId);
  const [content] = read.state === 'found' ? (read.resource as unknown as DocumentReference).content : [];
  const { contentType = '', data, url } = content?.attachment ?? {};
  if (data !== undefined) return { contentType, bytes: Buffer.from(data, 'base64') };
  const local = url?.startsWith(`${server.base}/`) ? url.slice(server.base.length + 1) : url;
  const binary = parseLocalReference(local ?? '');
  if (binary?.type === 'Binary') return server.binary(binary.id);
  throw new GatewayError({
    category: 'not-found',
    side: 'server',
    message: 'Le serveur a les métadonnées du document, mais n’en montre pas le contenu.',
  });
}
