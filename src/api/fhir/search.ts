/** search-type by GET and by POST (FHIR R4 §3.1.1, ITI-90 of mCSD), page by page. */
import type { AnyResource, Json } from '../../fhir/types.ts';
import { receiveForm } from '../body/intake.ts';
import { malformed } from '../body/refusals.ts';
import { type FhirEdge, type FhirHandler, type FhirRequest, isJudged, viewerOf } from './edge.ts';
import { countedBy, heldCriteriaOf } from './held-criteria.ts';
import { includedWith } from './search-included.ts';
import { findMatches, lookups, type SearchPlace, tooCostly } from './search-page.ts';
import { compileSearch, type SearchQuery } from './search-query.ts';
import { servedCriteriaOf } from './served-criteria.ts';

/** What a cursor carries: the pairs are compiled again, so that a cursor holds no criteria of its own. */
type Place = { type: string; used: [string, string][]; from: SearchPlace; total: number | null };

/** A searchset: `self` says what was used (CORE-11), `next` continues after the last match shown. */
export const search: FhirHandler = async (edge, asked) => {
  const { row, context, query } = asked;
  const place = openPlace(edge, asked);
  const understood = await understand(edge, asked, place);
  const { used, count } = understood;
  const found = await findMatches(edge, asked, understood, place?.from, count + 1);
  const shown = found.slice(0, count);
  const more = found.length > count;
  const total = place
    ? place.total
    : more || count === 0
      ? await totalOf(edge, asked, understood)
      : shown.length;
  const last = shown.at(-1);
  const url = `${edge.fhirBase()}/${row.type}`;
  const seal = (from: SearchPlace): string =>
    edge.cursors.seal(context.caller, { type: row.type, used, from, total } satisfies Place);
  const self = place ? `_cursor=${query.get('_cursor')}` : new URLSearchParams(used).toString();
  const matches = shown.map(({ resource }) => resource);
  const included = await includedWith(edge, asked, understood, matches);
  const entry = [...matches.map(entryAs('match')), ...included.map(entryAs('include'))];
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(total === null || understood.total === 'none' ? {} : { total }),
      link: [
        { relation: 'self', url: self ? `${url}?${self}` : url },
        ...(more && last ? [{ relation: 'next', url: `${url}?_cursor=${seal(last.place)}` }] : []),
      ],
      ...(entry.length ? { entry } : {}),
    },
  };

  function entryAs(mode: 'match' | 'include') {
    return (resource: AnyResource): Json =>
      ({
        fullUrl: `${edge.fhirBase()}/${resource.resourceType}/${resource.id}`,
        resource,
        search: { mode },
      }) as Json;
  }
};

/** POST searches keep patients' identifiers out of URLs; parameters of both places count (FHIR R4 §3.1.1.1). */
export const searchByPost: FhirHandler = async (edge, asked) => {
  const query = new URLSearchParams([...asked.query, ...(await receiveForm(asked.request))]);
  return search(edge, { ...asked, query });
};

/** How many match in all; null where only reading all of them would tell. */
async function totalOf(
  edge: FhirEdge,
  { context, row }: FhirRequest,
  query: SearchQuery,
): Promise<number | null> {
  if (isJudged(row) || query.asked.some(({ parameter }) => parameter.form === 'period')) return null;
  if (row.directory && countedBy(row, query) === 'not') return null;
  const asked = { criteria: servedCriteriaOf(row, query), limit: 0, count: true };
  const { total = 0 } = await edge.store.served.search(viewerOf(context.caller), row.source, row.type, asked);
  if (!row.directory || query.total === 'none') return total;
  const { tenant } = context.caller;
  const held = await tooCostly(
    edge.store.directoryServed.count(
      tenant,
      row.type,
      heldCriteriaOf(row, query),
      query.total === 'accurate',
    ),
  );
  if (held === undefined || (held > 0 && countedBy(row, query) !== 'exactly')) return null;
  return total + held;
}

function openPlace(edge: FhirEdge, { context, row, query }: FhirRequest): Place | undefined {
  const cursor = query.get('_cursor');
  if (cursor === null) return undefined;
  const place = edge.cursors.open(context.caller, cursor) as unknown as Place;
  if (place.type !== row.type || !place.used) throw malformed('Ce curseur est celui d’une autre recherche.');
  return place;
}

async function understand(
  edge: FhirEdge,
  { request, context, row, query }: FhirRequest,
  place: Place | undefined,
): Promise<SearchQuery> {
  return compileSearch(place ? new URLSearchParams(place.used) : query, {
    row,
    fhirBase: edge.fhirBase(),
    strict: /(^|[,;\s])handling=strict/.test(request.get('Prefer') ?? ''),
    ...lookups(edge, context.caller.tenant),
  });
}
