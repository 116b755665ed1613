/** Links between resources: `Reference.reference`, and `attachment.url` where it names a resource of the same server. */
import type { BusinessKey } from '../fhir/key.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import {
  type KeyReference,
  parseKeyReference,
  parseLocalReference,
  referenceTo,
  relativeTo,
} from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';

const linkNames = new Set(['reference', 'url']);

/** A copy with each link replaced by what `rename` answers; undefined leaves it as it stands. */
export function mapLinks<T>(value: T, rename: (link: string) => string | undefined): T {
  return visit(value, rename) as T;
}

function visit(value: unknown, rename: (link: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => visit(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      linkNames.has(name) && typeof child === 'string' ? (rename(child) ?? child) : visit(child, rename),
    ]),
  );
}

/** Every link by business key in a body that is to be sent. */
export function keyLinks(body: AnyResource): KeyReference[] {
  const found: KeyReference[] = [];
  mapLinks(body, (link) => {
    const target = parseKeyReference(link);
    if (target) found.push(target);
    return undefined;
  });
  return found;
}

/** Local ids a resource as read from the server at `base` points to. */
export function localLinks(resource: AnyResource, base: string): { type: string; id: string }[] {
  const found: { type: string; id: string }[] = [];
  mapLinks(resource, (link) => {
    const target = parseLocalReference(relativeTo(base, link));
    if (target) found.push(target);
    return undefined;
  });
  return found;
}

/** Hash of a body that is to be sent, its links by business key written in one way. */
export function bodyHash(body: AnyResource): string {
  return contentHash(bodyForm(body));
}

/** Normal form of a body that is to be sent. */
export function bodyForm(body: AnyResource): AnyResource {
  const keyed = mapLinks(body, (link) => {
    const target = parseKeyReference(link);
    return target && referenceTo(target.type, target.key);
  });
  return normalForm(keyed);
}

/**
 * Hash of a resource as read from the server at `base`, comparable with that of a body to be sent; `keyOf` knows
 * which key a local id stands for.
 */
export function actualHash(
  resource: AnyResource,
  base: string,
  keyOf: (type: string, id: string) => BusinessKey | undefined,
): string {
  return contentHash(actualForm(resource, base, keyOf));
}

/** Normal form of a resource as read from the server at `base`. */
export function actualForm(
  resource: AnyResource,
  base: string,
  keyOf: (type: string, id: string) => BusinessKey | undefined,
): AnyResource {
  const keyed = mapLinks(resource, (link) => {
    const local = parseLocalReference(relativeTo(base, link));
    const key = local && keyOf(local.type, local.id);
    return key && referenceTo(local.type, key);
  });
  return normalForm(keyed);
}

/**
 * Local ids that a resource as read has where the expected body names a key: how a resource without an identifier of
 * its own (Binary) is found again through what points to it.
 */
export function pairedLinks(
  expected: unknown,
  actual: unknown,
  base: string,
): (KeyReference & { id: string })[] {
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.flatMap((item, index) => pairedLinks(item, actual[index], base));
  if (!isRecord(expected) || !isRecord(actual)) return [];
  return Object.entries(expected).flatMap(([name, child]) => {
    const other = actual[name];
    if (!linkNames.has(name) || typeof child !== 'string' || typeof other !== 'string')
      return pairedLinks(child, other, base);
    const target = parseKeyReference(child);
    const local = parseLocalReference(relativeTo(base, other));
    return target && local?.type === target.type ? [{ ...target, id: local.id }] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
