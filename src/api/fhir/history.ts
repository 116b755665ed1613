/**
 * history-instance and history-type (FHIR R4 §3.1.0.12), newest first. Of what was published only the version in force
 * is kept here; what each server was sent before stands in the runs.
 */
import type { Json } from '../../fhir/types.ts';
import type { HistoryPlace } from '../../store/served.ts';
import { malformed } from '../body/refusals.ts';
import { type FhirHandler, notFound, viewerOf } from './edge.ts';
import { renderVersion } from './rendering.ts';
import { readCount } from './search-query.ts';
import { updatedCriterion } from './search-values.ts';

/** What a cursor carries; `id` ties an instance's history to its instance. */
type Place = { history: string; since: string | null; count: number; after: HistoryPlace };

/** A history bundle of the type, or of the resource the path names. */
export const history: FhirHandler = async (edge, { request, context, row, query }) => {
  const { id } = request.params as { id?: string };
  const of = id === undefined ? row.type : `${row.type}/${id}`;
  const cursor = query.get('_cursor');
  const place = cursor === null ? undefined : (edge.cursors.open(context.caller, cursor) as unknown as Place);
  if (place && place.history !== of) throw malformed('Ce curseur est celui d’un autre historique.');
  const since = place ? place.since : query.get('_since');
  const count = place?.count ?? Math.max(1, readCount(query.get('_count')));
  const versions = await edge.store.served.history(viewerOf(context.caller), row.source, row.type, {
    limit: count + 1,
    ...(id === undefined ? {} : { id }),
    ...(since === null ? {} : { since: instantOf(since) }),
    ...(place ? { after: place.after } : {}),
  });
  if (id !== undefined && !place && since === null && versions.length === 0) throw notFound();
  const shown = versions.slice(0, count);
  const last = shown.at(-1);
  const url = `${edge.fhirBase()}/${of}/_history`;
  const next = versions.length > count && last ? nextCursor(last.place) : undefined;
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      type: 'history',
      link: [
        { relation: 'self', url: since === null ? url : `${url}?_since=${encodeURIComponent(since)}` },
        ...(next ? [{ relation: 'next', url: `${url}?_cursor=${next}` }] : []),
      ],
      ...(shown.length
        ? { entry: shown.map((version) => entryOf(renderVersion(row.source, version), version.place.seq)) }
        : {}),
    },
  };

  function nextCursor(after: HistoryPlace): string {
    return edge.cursors.seal(context.caller, { history: of, since, count, after } satisfies Place);
  }

  /** The first version was made by whoever created the resource; Bundle invariants bdl-3 and bdl-4 want both parts. */
  function entryOf(resource: ReturnType<typeof renderVersion>, seq: number): Json {
    const { versionId, lastUpdated } = resource.meta!;
    const created = row.source === 'clinical' && seq === 1;
    const name = `${row.type}/${resource.id}`;
    return {
      fullUrl: `${edge.fhirBase()}/${name}`,
      resource,
      request: created ? { method: 'POST', url: row.type } : { method: 'PUT', url: name },
      response: { status: created ? '201' : '200', etag: `W/"${versionId}"`, lastModified: lastUpdated },
    } as Json;
  }
};

function instantOf(since: string): Date {
  const criterion = updatedCriterion(`ge${since}`);
  if (criterion.kind === 'updated' && criterion.from) return criterion.from;
  throw malformed('_since illisible.');
}
