import { canonicalBase } from '../fhir/names.ts';
import type { AnyResource } from '../fhir/types.ts';

/** Elements by which each type says that it is no longer in use; all others have `active`. */
const status: Readonly<Record<string, [inUse: string, ended: string]>> = {
  Location: ['active', 'inactive'],
  Device: ['active', 'inactive'],
  Endpoint: ['active', 'off'],
};

/** Writes what the directory knows of a record's state and origin. A source that names its origin is left to it. */
export function setStanding(
  resource: AnyResource,
  { state, source }: { state: string; source: string },
): AnyResource {
  const ended = state === 'closed' || state === 'vanished';
  const words = status[resource.resourceType];
  if (words) resource['status'] = ended ? words[1] : (resource['status'] ?? words[0]);
  else resource['active'] = ended ? false : (resource['active'] ?? true);
  const { profile, source: given } = resource.meta ?? {};
  const meta = { ...(profile ? { profile } : {}), source: given ?? originOf(source) };
  return { ...resource, meta };
}

/** `meta.source` of what a source gave without an origin of its own. */
export function originOf(source: string): string {
  return `${canonicalBase}/directory/${encodeURIComponent(source)}`;
}
