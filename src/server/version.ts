/** Version of a resource, wherever a server tells it. */

/** Version id in an ETag: `W/"3"`, and the bare `3` that HAPI gives in transaction responses. */
export function versionOfEtag(etag: unknown): string | undefined {
  if (typeof etag !== 'string') return undefined;
  return /^(?:W\/)?"?([A-Za-z0-9\-.]{1,64})"?$/.exec(etag.trim())?.[1];
}

/** The weak ETag of a version, for If-Match (CORE-03). */
export function etagOf(versionId: string): string {
  return `W/"${versionId}"`;
}
