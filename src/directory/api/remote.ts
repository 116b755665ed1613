/**
 * The id in a reference to another record of the same server and of a type: relative or below the server's base, with or
 * without a version; undefined for any other (contained, logical, another type's, another server's).
 */
export function remoteIdOf(reference: string, type: string, base: string): string | undefined {
  const relative = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    relative,
  );
  return match?.[1] === type ? match[2] : undefined;
}
