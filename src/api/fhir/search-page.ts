/** A page of matches: what networks publish (or what was exchanged) by id, then the held directory's records by key. */
import { longKey } from '../../directory/keys.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { refusal } from '../body/refusals.ts';
import { type FhirEdge, type FhirRequest, readable, viewerOfRows } from './edge.ts';
import { isSoon } from '../../store/directory-served-criteria.ts';
import { heldCriteriaOf } from './held-criteria.ts';
import { renderHeld } from './render-held.ts';
import { renderVersion } from './rendering.ts';
import { isDated } from '../table.ts';
import { matchesAll } from './search-match.ts';
import type { SearchQuery, SearchScope } from './search-query.ts';
import { servedCriteriaOf } from './served-criteria.ts';

/** After which match a page ends: an id of the first part, or a short key of the second. */
export type SearchPlace = { part: 'served' | 'held'; after: string };

export type Match = { resource: AnyResource; place: SearchPlace };

/** Rows looked at for one page at most: a search that finds less in them is to say more. */
const maxExamined = 20_000;
/** Rows read at once where not all of them will match. */
const undecidedBatch = 200;

/** Up to `limit` matches after the place. Throws `too-large` (413) for a search that would read the directory whole. */
export async function findMatches(
  edge: FhirEdge,
  request: Pick<FhirRequest, 'context' | 'row'>,
  query: SearchQuery,
  from: SearchPlace | undefined,
  limit: number,
): Promise<Match[]> {
  const { context, row } = request;
  const { caller } = context;
  const viewer = await viewerOfRows(edge, request);
  const found: Match[] = [];
  const undecided = query.asked.filter(({ parameter }) => isDated(parameter));
  const criteria = servedCriteriaOf(row, query);

  const held = row.directory ? heldCriteriaOf(row, query) : undefined;
  const heldBatch = async (after: string | undefined, size: number): Promise<Match[]> => {
    const asked = { criteria: held!, limit: size, ...(after ? { after } : {}) };
    const versions = await tooCostly(edge.store.directoryServed.search(caller.tenant, row.type, asked));
    const resources = await renderHeld(edge, caller.tenant, versions);
    return resources.map((resource, index) => ({
      resource,
      place: { part: 'held', after: versions[index]!.key },
    }));
  };
  // by identifier both parts are found at once: neither waits for the other
  const early =
    held && !from && limit > 0 && isSoon(held)
      ? heldBatch(undefined, Math.max(limit, undecidedBatch))
      : undefined;
  early?.catch(() => undefined); // told when its turn comes

  if (from?.part !== 'held')
    await fill('served', undecided, async (after, size) => {
      const asked = { criteria, limit: size, count: false, ...(after ? { after } : {}) };
      const { versions } = await edge.store.served.search(viewer, row.source, row.type, asked);
      return versions.map((version) => ({
        resource: renderVersion(row.source, version),
        place: { part: 'served', after: version.id },
      }));
    });
  if (held)
    await fill('held', query.asked, async (after, size) =>
      early && after === undefined ? (await early).slice(0, size) : heldBatch(after, size),
    );
  return found;

  /** Reads one part batch by batch until the page is full or the part ends. */
  async function fill(
    part: SearchPlace['part'],
    deciding: SearchQuery['asked'],
    next: (after: string | undefined, size: number) => Promise<Match[]>,
  ): Promise<void> {
    let after = from?.part === part ? from.after : undefined;
    for (let examined = 0; found.length < limit;) {
      const size = Math.max(limit - found.length, deciding.length ? undecidedBatch : 0);
      const batch = await next(after, size);
      const matching = batch.filter(({ resource }) => matchesAll(resource, deciding));
      const shown = await readable(
        edge,
        request,
        matching.map(({ resource }) => resource),
      );
      found.push(...matching.filter((_match, index) => shown[index]));
      after = batch.at(-1)?.place.after;
      examined += batch.length;
      if (batch.length < size) return;
      if (examined > maxExamined) throw tooWide();
    }
  }
}

/** What compiling a search asks of the store: business keys of published or held resources, systems of held ones. */
export function lookups({ store }: FhirEdge, tenant: string): Pick<SearchScope, 'keyOf' | 'systemsOf'> {
  return {
    async keyOf(type, id) {
      const published = await store.served.keyOf(tenant, type, id);
      if (published !== undefined) return published;
      const held = await store.directoryServed.keyOf(type, id);
      return held === undefined ? undefined : longKey(held);
    },
    systemsOf: (type) => tooCostly(store.directoryServed.systems(type)),
  };
}

/** A search that the store stopped (57014: statement timeout) is the sender's to narrow. */
export async function tooCostly<T>(search: Promise<T>): Promise<T> {
  try {
    return await search;
  } catch (error) {
    if ((error as { code?: string }).code === '57014') throw tooWide();
    throw error;
  }
}

function tooWide(): Error {
  return refusal(
    'too-large',
    'too-costly',
    'Recherche trop large pour l’annuaire : ajoutez un identifiant, une structure, un professionnel ou un code.',
  );
}
