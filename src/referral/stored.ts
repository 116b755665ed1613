/** The resources of an accepted referral as the gateway keeps them: new random ids, links rewritten. */
import type { Ids } from '../clock.ts';
import type { AnyResource, Patient, Reference } from '../fhir/types.ts';
import { type Part, type Parts, valuesOf } from './parts.ts';
import { withoutUnqualifiedIns } from './patient.ts';
import { logical } from './references.ts';
import { notAhead } from './not-ahead.ts';
import type { IdentityRules } from './rules.ts';

/** Part with the id it gets at the gateway. */
export type StoredPart = { part: Part; id: string; resource: AnyResource & { id: string } };

/** In the order of the request. */
export function storedParts(parts: Parts, ids: Ids, identity: IdentityRules, now: Date): StoredPart[] {
  const idByUrl = new Map(parts.all.map(({ fullUrl }) => [fullUrl, ids.uuid()]));
  return parts.all.map((part) => {
    const id = idByUrl.get(part.fullUrl)!;
    const { meta, ...content } = kept(part.resource, identity, now);
    const profiled = meta?.profile ? { meta: { profile: meta.profile } } : {};
    const body = rewrite(content, parts, idByUrl) as AnyResource;
    return { part, id, resource: { ...body, ...profiled, id } };
  });
}

function kept(resource: AnyResource, identity: IdentityRules, now: Date): AnyResource {
  if (resource.resourceType !== 'Patient') return notAhead(resource, now);
  return withoutUnqualifiedIns(resource as unknown as Patient, identity, now) as unknown as AnyResource;
}

/**
 * A link inside the Bundle becomes `Type/id` and gains the target's identifier, so that whoever reads it later needs
 * no second read; a reference only the sender can follow keeps its identifier alone.
 */
function rewrite(value: unknown, parts: Parts, idByUrl: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return localUrl(value, parts, idByUrl) ?? value;
  if (Array.isArray(value)) return value.map((item) => rewrite(item, parts, idByUrl));
  if (typeof value !== 'object' || value === null) return value;
  const { reference, ...others } = value as Reference;
  if (typeof reference !== 'string')
    // some elements that are References are named so, too
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, rewrite(child, parts, idByUrl)]),
    );
  const known = logical(value, parts);
  const local = localUrl(reference, parts, idByUrl);
  if (local) return { ...others, reference: local, ...(known && isCitable(local) ? known : {}) };
  return reference.startsWith('#') ? value : (known ?? others);
}

/** A patient's identifiers are not spread over every resource that points to the patient. */
function isCitable(local: string): boolean {
  return !local.startsWith('Patient/');
}

function localUrl(url: string, parts: Parts, idByUrl: ReadonlyMap<string, string>): string | undefined {
  const id = idByUrl.get(url);
  return id === undefined ? undefined : `${parts.byUrl.get(url)!.resource.resourceType}/${id}`;
}

/** Bytes of a letter's Binary; undefined when its base64 is not well-formed. */
export function binaryContent(resource: AnyResource): { contentType: string; bytes: Buffer } | undefined {
  const [contentType] = valuesOf(resource, 'contentType');
  const [data] = valuesOf(resource, 'data');
  if (typeof contentType !== 'string' || typeof data !== 'string') return undefined;
  const bytes = Buffer.from(data, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === data ? { contentType, bytes } : undefined;
}
