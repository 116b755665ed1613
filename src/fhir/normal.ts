/** The normal form of a resource and its content hash: what is compared, never what is sent. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { mapReferences } from './references.ts';
import type { AnyResource } from './types.ts';

/** Elements a server adds or rewrites by itself; narrative is derived from the rest. */
const serverOwned = new Set(['id', 'meta', 'text', 'implicitRules']);

/**
 * Normal form: no id, meta, narrative; references as business keys where `toKey` knows them
 * (`Type/id` → `Type?identifier=system|value`); `Reference.display` and `Reference.type` dropped
 * because servers and people add them freely.
 */
export function normalForm(
  resource: AnyResource,
  toKey: (reference: string) => string | undefined = () => undefined,
): AnyResource {
  const kept = Object.fromEntries(Object.entries(resource).filter(([name]) => !serverOwned.has(name)));
  return dropReferenceDecoration(mapReferences(kept, toKey)) as AnyResource;
}

/** SHA-256 (hex) of the canonical JSON (RFC 8785) of a resource already in normal form. */
export function contentHash(normal: unknown): string {
  return createHash('sha256')
    .update(canonicalize(normal) ?? '')
    .digest('hex');
}

function dropReferenceDecoration(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropReferenceDecoration);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  const isReference = typeof object['reference'] === 'string';
  const kept = Object.entries(object).filter(
    ([name]) => !isReference || (name !== 'display' && name !== 'type'),
  );
  return Object.fromEntries(kept.map(([name, child]) => [name, dropReferenceDecoration(child)]));
}
