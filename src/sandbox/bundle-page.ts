/** One page of a search or a history as a Bundle (FHIR R4 §3.1.1.5.1 and §3.1.0.13). */
import type { AnyResource } from '../fhir/types.ts';
import type { Version } from './memory.ts';
import type { ResultSet } from './pages.ts';
import type { Records } from './records.ts';

const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** The page that starts at `offset`; `token` is that of the kept set, if it is kept already. */
export function bundlePage(records: Records, set: ResultSet, offset: number, token?: string): object {
  const { kind, versions, pageSize, self } = set;
  const end = offset + pageSize;
  const link = [{ relation: 'self', url: self }];
  if (end < versions.length) {
    const kept = token ?? records.pages.keep(set);
    link.push({ relation: 'next', url: `${records.base}?_getpages=${kept}&_offset=${end}` });
  }
  const entry = versions.slice(offset, end).map((version) => ({
    fullUrl: `${records.base}/${version.type}/${version.id}`,
    ...(version.resource ? { resource: subset(version.resource, set.elements) } : {}),
    ...(kind === 'searchset' ? { search: { mode: 'match' } } : historyPart(version)),
  }));
  return {
    resourceType: 'Bundle',
    id: records.newId(),
    meta: { lastUpdated: records.now() },
    type: kind,
    total: versions.length,
    link,
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function historyPart({ method, type, id, versionId, lastUpdated }: Version): object {
  return {
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: method === 'DELETE' ? '204 No Content' : versionId === 1 ? '201 Created' : '200 OK',
      etag: `W/"${versionId}"`,
      lastModified: lastUpdated,
    },
  };
}

function subset(resource: AnyResource, elements: readonly string[] | undefined): AnyResource {
  if (!elements) return resource;
  const kept = Object.entries(resource).filter(([name]) => name === 'id' || elements.includes(name));
  const meta = { ...resource.meta, tag: [...(resource.meta?.tag ?? []), subsetted] };
  return { resourceType: resource.resourceType, ...Object.fromEntries(kept), meta };
}
