/** A request as interactions see it, whether it came over HTTP or as an entry of a Bundle. */
import type { AnyResource } from '../fhir/types.ts';
import { Refusal } from './answer.ts';
import { searchParameters } from './search-parameters.ts';

export type FhirRequest = {
  method: string;
  /** Path segments below the base, decoded. */
  path: readonly string[];
  query: URLSearchParams;
  /** The query as it was sent. */
  search: string;
  resource?: unknown;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifNoneExist?: string | undefined;
};

/** Path and query of an address relative to the base. */
export function addressOf(url: string): Pick<FhirRequest, 'path' | 'query' | 'search'> {
  const [path = '', search = ''] = url.split('?', 2);
  try {
    const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
    return { path: segments, query: new URLSearchParams(search), search };
  } catch {
    throw new Refusal(400, 'invalid', 'Unreadable address');
  }
}

/** Version id of an If-Match or If-None-Match header (`W/"3"`, `"3"`, `*`). */
export function versionIdOf(header: string | undefined): string | undefined {
  return header
    ?.trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}

/** A type that this hospital keeps; 404 for any other. */
export function knownType(type: string | undefined): string {
  if (type !== undefined && Object.hasOwn(searchParameters, type)) return type;
  throw new Refusal(404, 'not-supported', 'Unknown resource type');
}

/** A body that is a resource of `type`, without empty arrays or nulls being looked for: this is no validator. */
export function resourceOf(body: unknown, type: string): AnyResource {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal(400, 'structure', 'The body is not a resource');
  }
  const resource = body as AnyResource;
  if (resource.resourceType !== type)
    throw new Refusal(400, 'invalid', 'The body is a resource of another type');
  return resource;
}
