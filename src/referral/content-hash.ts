/**
 * Is it the same referral posted again? Independent of the urn:uuids the sender drew; the order of entries counts,
 * because the answer follows it.
 */
import { contentHash } from '../fhir/normal.ts';
import type { Parts } from './parts.ts';

/** SHA-256 (hex) of the resources in order, their links named by type and place among their type. */
export function referralHash(parts: Parts): string {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for (const { fullUrl, resource } of parts.all) {
    const place = (counts.get(resource.resourceType) ?? 0) + 1;
    counts.set(resource.resourceType, place);
    names.set(fullUrl, `${resource.resourceType}#${place}`);
  }
  return contentHash(parts.all.map(({ resource }) => rename(resource, names)));
}

/** Urns stand in references and in attachment urls: whatever string equals one is a link. */
function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, rename(child, names)]));
}
