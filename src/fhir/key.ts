/** Business keys: every record has one, `system|value`; logical ids of networks and directory copies follow from it. */
import { hash } from 'node:crypto';
import type { AnyResource, Identifier } from './types.ts';

/** `system|value` of a business identifier, unique for its resource type. */
export type BusinessKey = string;

/** Key of an identifier; undefined when system or value is missing, or is no text (what comes from outside may be anything). */
export function keyOf(identifier: Identifier | undefined): BusinessKey | undefined {
  const { system, value }: { system?: unknown; value?: unknown } = identifier ?? {};
  if (typeof system !== 'string' || typeof value !== 'string') return undefined;
  return system && value ? `${system}|${value}` : undefined;
}

/** System and value of a key. A value may hold `|`, a system may not (it is a URI). */
export function splitKey(key: BusinessKey): { system: string; value: string } {
  const bar = key.indexOf('|');
  return { system: key.slice(0, bar), value: key.slice(bar + 1) };
}

/** All business keys a resource carries in `identifier` (repeating or single). */
export function keysOf(resource: AnyResource): BusinessKey[] {
  const { identifier } = resource as { identifier?: Identifier | Identifier[] };
  const list = Array.isArray(identifier) ? identifier : identifier ? [identifier] : [];
  return list.map(keyOf).filter((key) => key !== undefined);
}

/**
 * Logical id of a network or directory resource: fixed prefix and 128 bits of the digest of type and key,
 * the same on every server that takes client ids. It has letters (HAPI refuses all-digit ids) and 36 characters.
 * Never for patients or clinical resources: a digest of an INS can be guessed (identity.md).
 */
export function logicalId(type: string, key: BusinessKey): string {
  return `pas-${hash('sha256', `${type}\n${key}`, 'hex').slice(0, 32)}`;
}
