/** Writing one resource: create, update, delete, with their conditions (FHIR R4 §3.1.0.5 to §3.1.0.8). */
import { isDeepStrictEqual } from 'node:util';
import type { AnyResource } from '../fhir/types.ts';
import { Refusal } from './answer.ts';
import type { Version } from './memory.ts';
import type { Records } from './records.ts';
import { isReferredTo } from './references.ts';
import { searchParameters } from './search-parameters.ts';

export type Conditions = {
  /** Version id that must be the newest. */
  ifMatch?: string | undefined;
  /** `*`: nothing may be there yet. */
  ifNoneMatch?: string | undefined;
};

export type Written = { version: Version; change: 'created' | 'updated' | 'none' };

/** A new resource under an id that the hospital chose. */
export function createResource(records: Records, resource: AnyResource, id: string, at: string): Written {
  return { version: store(records, resource, id, 'POST', at), change: 'created' };
}

/** The next version of a resource, or its first where clients may choose ids. No change keeps the version. */
export function updateResource(
  records: Records,
  resource: AnyResource,
  id: string,
  conditions: Conditions,
  at: string,
): Written {
  if (resource.id !== undefined && resource.id !== id)
    throw new Refusal(400, 'invalid', 'The id differs from the address');
  const before = records.memory.newest(resource.resourceType, id);
  checkConditions(before, conditions);
  if (!before && records.ids === 'server') {
    throw new Refusal(405, 'not-supported', 'This hospital gives the ids itself: create with POST');
  }
  if (before?.resource && isSame(before.resource, resource)) return { version: before, change: 'none' };
  const version = store(records, resource, id, 'PUT', at);
  return { version, change: before?.resource ? 'updated' : 'created' };
}

/** Deletes; twice is once (CORE-08). A resource that others refer to stays: 409. */
export function deleteResource(
  records: Records,
  type: string,
  id: string,
  conditions: Conditions,
  at: string,
): Written | undefined {
  const before = records.memory.newest(type, id);
  if (!before?.resource) return undefined;
  checkConditions(before, conditions);
  if (records.checkReferences && isReferredTo(records, type, id, Object.keys(searchParameters))) {
    throw new Refusal(409, 'conflict', 'Other resources refer to this one');
  }
  const version = records.memory.append({ type, id, lastUpdated: at, method: 'DELETE' });
  return { version, change: 'updated' };
}

function checkConditions(before: Version | undefined, { ifMatch, ifNoneMatch }: Conditions): void {
  if (ifNoneMatch === '*' && before?.resource) throw new Refusal(412, 'conflict', 'There is one already');
  if (ifMatch !== undefined && String(before?.versionId) !== ifMatch) {
    throw new Refusal(412, 'conflict', 'This is not the current version');
  }
}

function store(
  records: Records,
  resource: AnyResource,
  id: string,
  method: 'POST' | 'PUT',
  at: string,
): Version {
  const type = resource.resourceType;
  const versionId = String((records.memory.newest(type, id)?.versionId ?? 0) + 1);
  const { resourceType, id: _given, meta, ...content } = resource;
  const kept = { resourceType, id, meta: { ...meta, versionId, lastUpdated: at }, ...content };
  return records.memory.append({ type, id, lastUpdated: at, method, resource: kept });
}

function isSame(before: AnyResource, next: AnyResource): boolean {
  const bare = ({ id: _id, meta, ...content }: AnyResource): object => {
    const { versionId: _version, lastUpdated: _at, ...labels } = meta ?? {};
    return { ...content, labels };
  };
  return isDeepStrictEqual(bare(before), bare(next));
}
