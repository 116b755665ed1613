/**
 * Versions newest first, of what networks publish (or what was exchanged) and of the held directory as one list. Where both
 * have the same instant, the former stand first.
 */
import type { AnyResource } from '../../fhir/types.ts';
import type { HeldPlace } from '../../store/directory-served-history.ts';
import type { HistoryPlace } from '../../store/served.ts';
import { type FhirEdge, type FhirRequest, readable, viewerOfRows } from './edge.ts';
import { renderHeld } from './render-held.ts';
import { renderVersion } from './rendering.ts';

/** After which version a page ends. */
export type VersionPlace = { served: HistoryPlace } | { held: HeldPlace };

export type ShownVersion = {
  resource: AnyResource;
  place: VersionPlace;
  /** The first version of an exchanged resource was made by its creation. */
  first: boolean;
};

export type HistoryAsk = {
  id?: string;
  since?: Date;
  after?: VersionPlace;
  /** Last run of the held directory that the first page knew. */
  until: number;
  limit: number;
};

/** Up to `limit` versions after the place. */
export async function findVersions(
  edge: FhirEdge,
  { context, row }: Pick<FhirRequest, 'context' | 'row'>,
  asked: HistoryAsk,
): Promise<ShownVersion[]> {
  const served = await servedVersions(edge, { context, row }, asked);
  if (!row.directory) return served.map(({ shown }) => shown);
  const held = await heldVersions(edge, { context, row }, asked);
  const merged: ShownVersion[] = [];
  for (let one = 0, other = 0; merged.length < asked.limit;) {
    const [mine, theirs] = [served[one], held[other]];
    if (!mine && !theirs) break;
    const mineFirst = mine && (!theirs || mine.at >= theirs.at);
    merged.push(mineFirst ? mine.shown : theirs!.shown);
    if (mineFirst) one += 1;
    else other += 1;
  }
  return merged;
}

/** `at` is microseconds since 1970: what PostgreSQL keeps, finer than a Date. */
type Dated = { at: number; shown: ShownVersion };

async function servedVersions(
  edge: FhirEdge,
  request: Pick<FhirRequest, 'context' | 'row'>,
  { id, since, after, limit }: HistoryAsk,
): Promise<Dated[]> {
  const { row } = request;
  const viewer = await viewerOfRows(edge, request);
  const found: Dated[] = [];
  let place = after && ('served' in after ? after.served : { at: after.held.at, id: '', seq: 0 });
  for (;;) {
    const wanted = limit - found.length;
    const versions = await edge.store.served.history(viewer, row.source, row.type, {
      limit: wanted,
      ...(id === undefined ? {} : { id }),
      ...(since ? { since } : {}),
      ...(place ? { after: place } : {}),
    });
    const dated = versions.map((version): Dated => ({
      at: microseconds(version.place.at),
      shown: {
        resource: renderVersion(row.source, version),
        place: { served: version.place },
        first: row.source === 'clinical' && version.place.seq === 1,
      },
    }));
    const may = await readable(
      edge,
      request,
      dated.map(({ shown }) => shown.resource),
    );
    found.push(...dated.filter((_one, index) => may[index]));
    place = versions.at(-1)?.place;
    if (versions.length < wanted || found.length >= limit) return found;
  }
}

async function heldVersions(
  edge: FhirEdge,
  { context, row }: Pick<FhirRequest, 'context' | 'row'>,
  { id, since, after, until, limit }: HistoryAsk,
): Promise<Dated[]> {
  const { tenant } = context.caller;
  const versions = await edge.store.directoryServed.history(tenant, {
    ...{ kind: row.type, until, limit },
    ...(id === undefined ? {} : { id }),
    ...(since ? { since } : {}),
    ...(after && 'held' in after ? { after: after.held } : {}),
    ...(after && 'served' in after ? { notAfter: after.served.at } : {}),
  });
  const resources = await renderHeld(edge, tenant, versions);
  return versions.map(({ at, run, key }, index) => ({
    at: microseconds(at),
    shown: { resource: resources[index]!, place: { held: { at, run, key } }, first: false },
  }));
}

/** PostgreSQL's text of a timestamptz, `2026-11-28 02:40:00.123456+00`. */
function microseconds(at: string): number {
  const fraction = /\.(\d{1,6})/.exec(at)?.[1] ?? '';
  const seconds = Date.parse(
    at
      .replace(' ', 'T')
      .replace(/\.\d+/, '')
      .replace(/([+-]\d{2})$/, '$1:00'),
  );
  return seconds * 1000 + Number(fraction.padEnd(6, '0'));
}
