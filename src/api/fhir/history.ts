/**
 * history-instance and history-type (FHIR R4 §3.1.0.12, ITI-91 of mCSD), newest first. Of what was published only the
 * version in force is kept here, dated by the publication that first said so; what each server was sent before stands in the runs. Records of the held directory keep
 * every version; none is ever deleted, what ended comes as inactive (MCSD-21).
 */
import type { Json } from '../../fhir/types.ts';
import { malformed } from '../body/refusals.ts';
import { type FhirHandler, notFound } from './edge.ts';
import { findVersions, type ShownVersion, type VersionPlace } from './history-page.ts';
import { updatedCriterion } from './search-dates.ts';
import { readCount } from './search-query.ts';

/** What a cursor carries; `of` ties an instance's history to its instance, `asOf` is the first page's time. */
type Place = {
  of: string;
  since: string | null;
  count: number;
  until: number;
  asOf: string;
  after: VersionPlace;
};

/** A history bundle of the type, or of the resource the path names. */
export const history: FhirHandler = async (edge, asked) => {
  const { request, context, row, query } = asked;
  const { id } = request.params as { id?: string };
  const of = id === undefined ? row.type : `${row.type}/${id}`;
  const cursor = query.get('_cursor');
  const place = cursor === null ? undefined : (edge.cursors.open(context.caller, cursor) as unknown as Place);
  if (place && place.of !== of) throw malformed('Ce curseur est celui d’un autre historique.');
  const since = place ? place.since : query.get('_since');
  const count = place?.count ?? Math.max(1, readCount(query.get('_count')));
  const { directoryServed } = edge.store;
  const asOf = place?.asOf ?? (await directoryServed.settledUntil(edge.now())).toISOString();
  const until = place?.until ?? (row.directory ? await directoryServed.lastRun() : 0);
  const versions = await findVersions(edge, asked, {
    ...{ limit: count + 1, until },
    ...(id === undefined ? {} : { id }),
    ...(since === null ? {} : { since: instantOf(since) }),
    ...(place ? { after: place.after } : {}),
  });
  if (id !== undefined && !place && since === null && versions.length === 0) throw notFound();
  const shown = versions.slice(0, count);
  const last = shown.at(-1);
  const url = `${edge.fhirBase()}/${of}/_history`;
  const self = cursor ? `_cursor=${cursor}` : since === null ? '' : `_since=${encodeURIComponent(since)}`;
  const next =
    versions.length > count && last
      ? edge.cursors.seal(context.caller, {
          of,
          since,
          count,
          until,
          asOf,
          after: last.place,
        } satisfies Place)
      : undefined;
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      meta: { lastUpdated: asOf },
      type: 'history',
      link: [
        { relation: 'self', url: self ? `${url}?${self}` : url },
        ...(next ? [{ relation: 'next', url: `${url}?_cursor=${next}` }] : []),
      ],
      ...(shown.length ? { entry: shown.map(entryOf) } : {}),
    },
  };

  /** Bundle invariants bdl-3 and bdl-4 want both parts. */
  function entryOf({ resource, first }: ShownVersion): Json {
    const { versionId, lastUpdated } = resource.meta!;
    const name = `${row.type}/${resource.id}`;
    return {
      fullUrl: `${edge.fhirBase()}/${name}`,
      resource,
      request: first ? { method: 'POST', url: row.type } : { method: 'PUT', url: name },
      response: { status: first ? '201' : '200', etag: `W/"${versionId}"`, lastModified: lastUpdated },
    } as Json;
  }
};

function instantOf(since: string): Date {
  const { from } = updatedCriterion(`ge${since}`);
  if (from) return from;
  throw malformed('_since illisible.');
}
