/** Every RESTful interaction of the hospital (FHIR R4 §3.1.0), except Bundles, found by method and path. */
import { type Answer, Refusal } from './answer.ts';
import { bundlePage } from './bundle-page.ts';
import { capabilityStatement } from './capability.ts';
import type { Version } from './memory.ts';
import type { ResultSet } from './pages.ts';
import { patched } from './patch.ts';
import type { Records } from './records.ts';
import { checkReferences, hasConditional } from './references.ts';
import { type FhirRequest, knownType, resourceOf, versionIdOf } from './request.ts';
import { findAll, findOne } from './search.ts';
import { createResource, deleteResource, updateResource, type Written } from './write.ts';

/** Carries out one request; throws a Refusal for what it refuses, and then nothing has changed. */
export function perform(records: Records, request: FhirRequest): Answer {
  const { method, path } = request;
  const [first, second, third] = path;
  if (method === 'GET') {
    if (first === 'metadata') return { status: 200, body: capabilityStatement(records) };
    if (first === undefined) return nextPage(records, request);
    if (first === '_history') return history(records, request, records.memory.journal());
    const type = knownType(first);
    if (second === undefined) return search(records, request, type);
    if (second === '_history') return history(records, request, records.memory.journal(type));
    if (third === undefined) return read(records, request, type, second);
    if (third === '_history') return versions(records, request, type, second);
  }
  const type = knownType(first);
  if (method === 'POST' && path.length === 1) return create(records, request, type);
  if (method === 'PUT' && path.length <= 2) return update(records, request, type);
  if (method === 'PATCH' && path.length === 2) {
    const next = patched(records.memory.newest(type, second!), resourceOf(request.resource, 'Parameters'));
    const conditions = { ifMatch: versionIdOf(request.ifMatch) };
    return whole(records, () => updateResource(records, next, second!, conditions, records.now()));
  }
  if (method === 'DELETE' && path.length === 2) {
    const done = deleteResource(
      records,
      type,
      second!,
      { ifMatch: versionIdOf(request.ifMatch) },
      records.now(),
    );
    return { status: 204, headers: done ? { etag: `W/"${done.version.versionId}"` } : {} };
  }
  throw new Refusal(405, 'not-supported', 'Unknown interaction');
}

/** Answer of a write that succeeded. */
export function writtenAnswer(records: Records, { version, change }: Written): Answer {
  const { type, id, versionId } = version;
  const location = `${records.base}/${type}/${id}/_history/${versionId}`;
  return {
    status: change === 'created' ? 201 : 200,
    ...content(version),
    headers: { ...head(version), location },
  };
}

function create(records: Records, request: FhirRequest, type: string): Answer {
  const resource = resourceOf(request.resource, type);
  const found = request.ifNoneExist && findOne(records.memory, records.base, type, request.ifNoneExist);
  if (found) return writtenAnswer(records, { version: found, change: 'none' });
  return whole(records, () => createResource(records, resource, records.newId(), records.now()));
}

function update(records: Records, request: FhirRequest, type: string): Answer {
  const resource = resourceOf(request.resource, type);
  const conditions = { ifMatch: versionIdOf(request.ifMatch), ifNoneMatch: request.ifNoneMatch };
  if (request.path[1] === undefined) {
    const found = findOne(records.memory, records.base, type, request.search);
    if (!found)
      return whole(records, () => createResource(records, resource, records.newId(), records.now()));
    return whole(records, () => updateResource(records, resource, found.id, conditions, records.now()));
  }
  return whole(records, () => updateResource(records, resource, request.path[1]!, conditions, records.now()));
}

/** Writes and checks; a broken reference takes the write back. */
function whole(records: Records, write: () => Written): Answer {
  const written = records.memory.atomically(() => {
    const done = write();
    const resource = done.version.resource!;
    if (hasConditional(resource))
      throw new Refusal(400, 'not-supported', 'Conditional references need a transaction');
    checkReferences(records, resource);
    return done;
  });
  return writtenAnswer(records, written);
}

function read(records: Records, request: FhirRequest, type: string, id: string): Answer {
  const version = records.memory.newest(type, id);
  if (!version) throw new Refusal(404, 'not-found', `${type} not known`);
  if (!version.resource) throw new Refusal(410, 'deleted', `${type} was deleted`);
  if (versionIdOf(request.ifNoneMatch) === String(version.versionId))
    return { status: 304, headers: head(version) };
  return { status: 200, headers: head(version), ...content(version) };
}

function versions(records: Records, request: FhirRequest, type: string, id: string): Answer {
  const all = records.memory.versions(type, id);
  if (all.length === 0) throw new Refusal(404, 'not-found', `${type} not known`);
  const wanted = request.path[3];
  if (wanted === undefined) return history(records, request, all);
  const version = all.find(({ versionId }) => String(versionId) === wanted);
  if (!version) throw new Refusal(404, 'not-found', 'No such version');
  if (!version.resource) throw new Refusal(410, 'deleted', 'This version is a deletion');
  return { status: 200, headers: head(version), ...content(version) };
}

function search(records: Records, request: FhirRequest, type: string): Answer {
  const found = findAll(records.memory, records.base, type, request.query);
  return listed(records, request, { kind: 'searchset', versions: found });
}

/** Newest first; `_since` is an instant (§3.1.0.13). */
function history(records: Records, request: FhirRequest, all: readonly Version[]): Answer {
  const since = request.query.get('_since');
  if (since !== null && Number.isNaN(Date.parse(since)))
    throw new Refusal(400, 'invalid', '_since is no instant');
  const recent = all.filter(
    ({ lastUpdated }) => since === null || Date.parse(lastUpdated) >= Date.parse(since),
  );
  return listed(records, request, { kind: 'history', versions: recent.toReversed() });
}

function listed(records: Records, request: FhirRequest, found: Pick<ResultSet, 'kind' | 'versions'>): Answer {
  const { query, path, search } = request;
  const summary = query.get('_summary');
  if (summary !== null && summary !== 'count' && summary !== 'false') {
    throw new Refusal(400, 'not-supported', 'This hospital knows _summary=count alone');
  }
  const count = Number(query.get('_count') ?? records.pageSize);
  if (!Number.isInteger(count) || count < 0) throw new Refusal(400, 'invalid', '_count is no number');
  const countOnly = summary === 'count' || count === 0;
  const set: ResultSet = {
    ...found,
    self: `${records.base}/${path.join('/')}${search ? `?${search}` : ''}`,
    pageSize: Math.min(count, records.pageSize),
    elements: query.get('_elements')?.split(','),
  };
  const bundle = bundlePage(records, countOnly ? { ...set, versions: [] } : set, 0);
  return { status: 200, body: { ...bundle, total: found.versions.length } };
}

function nextPage(records: Records, { query }: FhirRequest): Answer {
  const token = query.get('_getpages');
  if (token === null) throw new Refusal(400, 'not-supported', 'Search across types is not offered');
  const offset = Number(query.get('_offset'));
  return { status: 200, body: bundlePage(records, records.pages.take(token), offset, token) };
}

function head({ versionId, lastUpdated }: Version): Record<string, string> {
  return { etag: `W/"${versionId}"`, 'last-modified': new Date(lastUpdated).toUTCString() };
}

function content({ resource }: Version): { body?: object } {
  return resource ? { body: resource } : {};
}
