/** read and vread (FHIR R4 §3.1.0.2, §3.1.0.3). */
import type { AnyResource } from '../../fhir/types.ts';
import type { ServedSource, Viewer } from '../../store/served-sources.ts';
import { unchangedFor } from './answer.ts';
import { type FhirEdge, type FhirHandler, isJudged, notFound, readable, viewerOfRows } from './edge.ts';
import { renderHeld } from './render-held.ts';
import { renderVersion } from './rendering.ts';

/**
 * The current version, or the one the path names; 304 when the client has it. What networks publish goes before what the
 * directory holds of the same thing. Professionals and organisations that a referral carried along are shown to whole
 * tenants: they are no patients, and their ids cannot be guessed.
 */
export const read: FhirHandler = async (edge, asked) => {
  const { request, context, row } = asked;
  const { id, version } = request.params as { id: string; version?: string };
  const viewer = await viewerOfRows(edge, asked);
  // asked for side by side: neither answer waits for the other
  const [published, inDirectory] = await Promise.all([
    stored(edge, viewer, row.source, row.type, id, version),
    row.directory ? held(edge, viewer.tenant, row.type, id, version) : undefined,
  ]);
  const resource =
    published ??
    inDirectory ??
    (row.carried
      ? await stored(edge, { tenant: viewer.tenant }, 'clinical', row.type, id, version)
      : undefined);
  const [shown] = resource ? await readable(edge, asked, [resource]) : [];
  if (!resource || !shown) {
    if (isJudged(row)) await edge.exchange.reading.refused(context.caller, id);
    throw notFound();
  }
  return unchangedFor(request, resource) ? { status: 304, unchanged: resource } : { status: 200, resource };
};

async function stored(
  { store }: FhirEdge,
  viewer: Viewer,
  source: ServedSource,
  ...[type, id, version]: [string, string, string?]
): Promise<AnyResource | undefined> {
  const found = await store.served.read(viewer, source, type, id, version);
  return found && renderVersion(source, found);
}

/** Versions of held records are numbers of runs. */
async function held(
  edge: FhirEdge,
  tenant: string,
  type: string,
  ...[id, version]: [string, string?]
): Promise<AnyResource | undefined> {
  const { directoryServed } = edge.store;
  if (version !== undefined && !/^[1-9]\d{0,14}$/.test(version)) return undefined;
  const found =
    version === undefined
      ? await directoryServed.byIds(tenant, type, [id])
      : await directoryServed.version(tenant, type, id, Number(version));
  const [resource] = await renderHeld(edge, tenant, found);
  return resource;
}
