/** Searching to the end, page by page (FHIR R4 §3.1.1), never from the server's search cache (HAPI-08, P-25). */
import { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { CalledServer } from './called-server.ts';
import { resourcePath } from './service-address.ts';
import type { SearchParams } from './types.ts';
import { wrongAnswer } from './wrong-answer.ts';

/** Entries asked for in a page; servers give fewer as they like (P-7). */
const pageSize = 200;
/** Where a search without a limit of its own is stopped with an error, not with a silent cut. */
const mostMatches = 100_000;
const mostPages = 10_000;

type Page = {
  link?: { relation?: string; url?: string }[];
  entry?: { resource?: AnyResource; search?: { mode?: string } }[];
};

/** Matches in the server's order, each id once. With `limit` it stops there; includes and outcomes are dropped. */
export async function* searchAll(
  { id, call }: CalledServer,
  type: string,
  params: SearchParams,
  limit?: number,
): AsyncIterable<AnyResource> {
  const query = queryOf(params);
  let next: string | undefined = `${resourcePath(type, 'x').slice(0, -2)}?${query.toString()}`;
  const pages = new Set<string>();
  const ids = new Set<string>();
  while (next !== undefined) {
    if (pages.has(next) || pages.size >= mostPages)
      throw wrongAnswer(id, 'ses pages de recherche tournent en rond');
    pages.add(next);
    const { body } = await call({
      method: 'GET',
      path: next,
      headers: { prefer: 'handling=strict' },
      effect: 'read',
    });
    const page = pageOf(id, body);
    if (pages.size === 1) refuseIgnored(id, page, query);
    for (const { resource, search } of page.entry ?? []) {
      if (search?.mode === 'include' || search?.mode === 'outcome') continue;
      if (resource?.resourceType !== type || !resource.id) {
        throw wrongAnswer(id, 'sa recherche rend une ressource d’un autre type');
      }
      if (ids.has(resource.id)) continue;
      if (ids.size >= (limit ?? mostMatches)) return stopAt(id, limit);
      ids.add(resource.id);
      yield resource;
    }
    if (limit !== undefined && ids.size >= limit) return;
    next = page.link?.find(({ relation }) => relation === 'next')?.url;
  }
}

function queryOf(params: SearchParams): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(params)) {
    for (const value of Array.isArray(values) ? values : [values]) query.append(name, value);
  }
  if (!query.has('_count')) query.set('_count', String(pageSize));
  return query;
}

function pageOf(server: string, body: Record<string, unknown>): Page {
  const { resourceType, type, link, entry } = body;
  const isList = (value: unknown): boolean => value === undefined || Array.isArray(value);
  if (resourceType !== 'Bundle' || type !== 'searchset' || !isList(link) || !isList(entry)) {
    throw wrongAnswer(server, 'sa recherche ne rend pas de résultat de recherche FHIR');
  }
  return body;
}

/** A server may ignore what it does not know and tell so only in its self link (CORE-11): its matches mean nothing then. */
function refuseIgnored(server: string, page: Page, asked: URLSearchParams): void {
  const self = page.link?.find(({ relation }) => relation === 'self')?.url;
  if (!self || !URL.canParse(self)) return;
  const used = new URL(self).searchParams;
  const ignored = [...asked.keys()].filter((name) => !resultParameters.has(name) && !used.has(name));
  if (ignored.length === 0) return;
  throw new GatewayError({
    category: 'not-supported',
    side: 'server',
    message: `Serveur « ${server} » : sa recherche ignore le critère « ${ignored[0]} ».`,
  });
}

/** Parameters that shape the answer without choosing the matches. */
const resultParameters = new Set([
  '_count',
  '_elements',
  '_summary',
  '_total',
  '_sort',
  '_format',
  '_include',
]);

function stopAt(server: string, limit: number | undefined): void {
  if (limit !== undefined) return;
  throw new GatewayError({
    category: 'too-large',
    side: 'gateway',
    message: `Serveur « ${server} » : la recherche dépasse ${mostMatches} résultats.`,
  });
}
