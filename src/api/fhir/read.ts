/** read and vread (FHIR R4 §3.1.0.2, §3.1.0.3). */
import { type FhirHandler, notFound, viewerOf } from './edge.ts';
import { unchangedFor } from './answer.ts';
import { renderVersion } from './rendering.ts';

/**
 * The current version, or the one the path names; 304 when the client has it. Professionals and organisations that a
 * referral carried along are shown to whole tenants: they are no patients, and their ids cannot be guessed.
 */
export const read: FhirHandler = async ({ store }, { request, context, row }) => {
  const { id, version } = request.params as { id: string; version?: string };
  const viewer = viewerOf(context.caller);
  const found = await store.served.read(viewer, row.source, row.type, id, version);
  const carried =
    !found && row.carried
      ? await store.served.read({ tenant: viewer.tenant }, 'clinical', row.type, id, version)
      : undefined;
  const shown = found ?? carried;
  if (!shown) throw notFound();
  const resource = renderVersion(found ? row.source : 'clinical', shown);
  return unchangedFor(request, resource) ? { status: 304, unchanged: resource } : { status: 200, resource };
};
