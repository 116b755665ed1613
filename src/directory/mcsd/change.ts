/** An entry of a history (ITI-91) as what it says of one resource: its state at a version, or that it is gone. */
import type { AnyResource } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';

export type Change = {
  id: string;
  version: Version;
  /** Absent: deleted, or only told to be there (`told`). */
  resource?: AnyResource;
  deleted: boolean;
};

/** A number where the server counts, the instant of the version otherwise (P-13). */
export type Version = { number?: number; at?: number };

/** Undefined for an entry that names no resource of the kind (an OperationOutcome, another type). */
export function changeOf(kind: string, entry: Record<string, unknown>): Change | undefined {
  const { resource, request, response } = entry;
  const asked = isObject(request) ? request : {};
  const answered = isObject(response) ? response : {};
  const address = [asked['url'], entry['fullUrl']].map((url) => addressIn(kind, url)).find(Boolean);
  const deleted = asked['method'] === 'DELETE';
  if (isObject(resource) && !deleted) {
    const { id, meta } = resource as AnyResource;
    if (resource['resourceType'] !== kind || !id) return undefined;
    const version = versionOf(
      meta?.versionId ?? address?.version,
      meta?.lastUpdated ?? answered['lastModified'],
    );
    return { id, version, resource: resource as AnyResource, deleted };
  }
  if (!address) return undefined;
  const tag =
    typeof answered['etag'] === 'string' ? /^(?:W\/)?"([^"]+)"$/.exec(answered['etag'])?.[1] : undefined;
  return { id: address.id, version: versionOf(address.version ?? tag, answered['lastModified']), deleted };
}

/** Whether `a` came after `b`; undefined when their versions say nothing. */
export function isNewer(a: Version, b: Version): boolean | undefined {
  if (a.number !== undefined && b.number !== undefined) return a.number > b.number;
  if (a.at !== undefined && b.at !== undefined) return a.at > b.at;
  return undefined;
}

function versionOf(version: unknown, at: unknown): Version {
  const number = typeof version === 'string' && /^\d{1,15}$/.test(version) ? Number(version) : undefined;
  const instant = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return {
    ...(number === undefined ? {} : { number }),
    ...(Number.isNaN(instant) ? {} : { at: instant }),
  };
}

/** `Type/id` or `Type/id/_history/n`, alone or at the end of an address (MCSD-12). */
function addressIn(kind: string, url: unknown): { id: string; version?: string } | undefined {
  if (typeof url !== 'string') return undefined;
  const match =
    /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/.exec(url);
  if (match?.[1] !== kind) return undefined;
  return { id: match[2]!, ...(match[3] === undefined ? {} : { version: match[3] }) };
}
