/** search-type by GET and by POST (FHIR R4 §3.1.1), page by page in the order of ids. */
import type { Json } from '../../fhir/types.ts';
import type { ServedCriterion } from '../../store/served-criteria.ts';
import { receiveForm } from '../body/intake.ts';
import { malformed } from '../body/refusals.ts';
import { type FhirEdge, type FhirHandler, type FhirRequest, viewerOf } from './edge.ts';
import { renderVersion } from './rendering.ts';
import { compileSearch, type SearchQuery } from './search-query.ts';

/** What a cursor carries: the pairs are compiled again, so that a cursor holds no criteria of its own. */
type Place = { type: string; used: [string, string][]; after: string; total: number };

/** A searchset: `self` says what was used (CORE-11), `next` continues after the last id shown. */
export const search: FhirHandler = async (edge, asked) => {
  const { row, context, query } = asked;
  const place = openPlace(edge, asked);
  const { criteria, used, count } = await understood(edge, asked, place);
  const { versions, total = 0 } = await edge.store.served.search(
    viewerOf(context.caller),
    row.source,
    row.type,
    { criteria, limit: count + 1, count: !place, ...(place ? { after: place.after } : {}) },
  );
  const shown = versions.slice(0, count);
  const known = place?.total ?? total;
  const last = shown.at(-1);
  const url = `${edge.fhirBase()}/${row.type}`;
  const seal = (after: string): string =>
    edge.cursors.seal(context.caller, { type: row.type, used, after, total: known } satisfies Place);
  const self = place ? `_cursor=${query.get('_cursor')}` : new URLSearchParams(used).toString();
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      type: 'searchset',
      total: known,
      link: [
        { relation: 'self', url: self ? `${url}?${self}` : url },
        ...(versions.length > count && last
          ? [{ relation: 'next', url: `${url}?_cursor=${seal(last.id)}` }]
          : []),
      ],
      ...(shown.length ? { entry: shown.map((version) => entryOf(renderVersion(row.source, version))) } : {}),
    },
  };

  function entryOf(resource: ReturnType<typeof renderVersion>): Json {
    return { fullUrl: `${url}/${resource.id}`, resource, search: { mode: 'match' } } as Json;
  }
};

/** POST searches keep patients' identifiers out of URLs; parameters of both places count (FHIR R4 §3.1.1.1). */
export const searchByPost: FhirHandler = async (edge, asked) => {
  const query = new URLSearchParams([...asked.query, ...(await receiveForm(asked.request))]);
  return search(edge, { ...asked, query });
};

function openPlace(edge: FhirEdge, { context, row, query }: FhirRequest): Place | undefined {
  const cursor = query.get('_cursor');
  if (cursor === null) return undefined;
  const place = edge.cursors.open(context.caller, cursor) as unknown as Place;
  if (place.type !== row.type || !place.used) throw malformed('Ce curseur est celui d’une autre recherche.');
  return place;
}

async function understood(
  edge: FhirEdge,
  { request, context, row, query }: FhirRequest,
  place: Place | undefined,
): Promise<SearchQuery & { criteria: readonly ServedCriterion[] }> {
  return compileSearch(place ? new URLSearchParams(place.used) : query, {
    row,
    fhirBase: edge.fhirBase(),
    strict: /(^|[,;\s])handling=strict/.test(request.get('Prefer') ?? ''),
    keyOf: (type, id) => edge.store.served.keyOf(context.caller.tenant, type, id),
  });
}
