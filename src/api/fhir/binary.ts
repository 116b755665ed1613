/** Bytes of a stored document (FHIR R4 §2.33.1): as they came, or wrapped in a Binary when FHIR is asked for. */
import { fhirJson } from '../body/media.ts';
import { type FhirHandler, notFound } from './edge.ts';

/** Binary has no search and no history: its bytes never change (DOC-03). */
export const readBinary: FhirHandler = async ({ store, exchange }, { request, context: { caller } }) => {
  const { id } = request.params as { id: string };
  const document = (await exchange.reading.mayRead(caller, id))
    ? await store.documents.bytes(caller.tenant, id)
    : undefined;
  if (!document) throw notFound();
  const { contentType, bytes } = document;
  if ((request.get('Accept') ?? '').split(/[,;]/, 1)[0]?.trim() !== fhirJson)
    return { status: 200, raw: { contentType, bytes } };
  return {
    status: 200,
    resource: { resourceType: 'Binary', id, contentType, data: bytes.toString('base64') },
  };
};
