/**
 * References in normal form are conditional references `Type?identifier=system|value` (FHIR R4 §3.1.0.11.2):
 * they name the business key, so that one desired state compares with many servers.
 */
import type { BusinessKey } from './key.ts';
import { keyOf, splitKey } from './key.ts';
import type { Reference } from './types.ts';

/** A reference to a resource by its business key. */
export type KeyReference = { type: string; key: BusinessKey };

/** `Type?identifier=system|value`, both parts percent-encoded as in a query. */
export function referenceTo(type: string, key: BusinessKey): string {
  const { system, value } = splitKey(key);
  return `${type}?identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;
}

const conditional = /^([A-Z][A-Za-z]+)\?identifier=([^|&]+)\|([^&]+)$/;

/** Reads a conditional reference back; undefined for any other form. */
export function parseKeyReference(reference: string): KeyReference | undefined {
  const match = conditional.exec(reference);
  if (!match) return undefined;
  const [, type, system, value] = match as unknown as [string, string, string, string];
  try {
    return { type, key: `${decodeURIComponent(system)}|${decodeURIComponent(value)}` };
  } catch {
    return undefined; // broken percent-encoding, by whoever wrote it
  }
}

/** The business key that a reference names: in normal form by its text, else by its identifier. */
export function keyOfReference({ reference, identifier }: Reference = {}): BusinessKey | undefined {
  return parseKeyReference(reference ?? '')?.key ?? keyOf(identifier);
}

/** A literal relative reference `Type/id`, or undefined. */
export function parseLocalReference(reference: string): { type: string; id: string } | undefined {
  const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference);
  return match ? { type: match[1]!, id: match[2]! } : undefined;
}

/**
 * A literal reference as it stands below a server's base; others are unchanged. Servers may write their own address into
 * one, or a version behind it.
 */
export function relativeTo(base: string, reference: string): string {
  const local = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  return local.replace(/\/_history\/[^/]+$/, '');
}

/**
 * A copy of a JSON value with each `Reference.reference` replaced by what `rename` answers;
 * undefined leaves the reference as it stands.
 */
export function mapReferences<T>(value: T, rename: (reference: string) => string | undefined): T {
  return visit(value, rename) as T;
}

/** Every `Reference.reference` in a JSON value, in document order, repeated as often as it stands there. */
export function referencesIn(value: unknown): string[] {
  const found: string[] = [];
  collect(value);
  return found;

  function collect(child: unknown): void {
    if (typeof child !== 'object' || child === null) return;
    if (Array.isArray(child)) return child.forEach(collect);
    for (const name in child) {
      const inner = (child as Record<string, unknown>)[name];
      if (name === 'reference' && typeof inner === 'string') found.push(inner);
      else collect(inner);
    }
  }
}

function visit(value: unknown, rename: (reference: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => visit(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    copy[name] =
      name === 'reference' && typeof child === 'string' ? (rename(child) ?? child) : visit(child, rename);
  }
  return copy;
}
