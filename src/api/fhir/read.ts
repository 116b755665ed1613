/** read and vread (FHIR R4 §3.1.0.2, §3.1.0.3). */
import { type FhirHandler, notFound, viewerOf } from './edge.ts';
import { unchangedFor } from './answer.ts';
import { renderVersion } from './rendering.ts';

/** The current version, or the one the path names; 304 when the client has it. */
export const read: FhirHandler = async ({ store }, { request, context, row }) => {
  const { id, version } = request.params as { id: string; version?: string };
  const found = await store.served.read(viewerOf(context.caller), row.source, row.type, id, version);
  if (!found) throw notFound();
  const resource = renderVersion(row.source, found);
  return unchangedFor(request, resource) ? { status: 304, unchanged: resource } : { status: 200, resource };
};
