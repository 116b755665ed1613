/** A resource of an API as a record of the held directory. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AnyResource } from '../../fhir/types.ts';
import type { ReadRecord, RecordKind } from '../types.ts';
import { businessKeyOf } from './business-key.ts';
import { factsOf, type FactsOptions } from './facts.ts';

/** Bytes of the SHA-256 that are kept: as many as the store holds. */
const hashBytes = 16;

/** Elements of a closed record of which nothing is left but who it was (french-standards §3.2, Deletion). */
const stubElements: ReadonlySet<string> = new Set([
  'resourceType',
  'id',
  'meta',
  'identifier',
  'active',
  'status',
  'text',
]);

/** `status` values by which types without `active` say that they are no longer in use. */
const ended: ReadonlySet<string> = new Set(['inactive', 'entered-in-error', 'off']);

/** Canonical content (without version and date, which change without anything else) and its hash. */
export function contentOf(resource: AnyResource): { content: string; hash: Buffer } {
  const { versionId: _version, lastUpdated: _date, ...meta } = resource.meta ?? {};
  const { meta: _meta, ...rest } = resource;
  const kept = Object.keys(meta).length ? { ...rest, meta } : rest;
  const content = canonicalize(kept) ?? '';
  return { content, hash: createHash('sha256').update(content).digest().subarray(0, hashBytes) };
}

/**
 * The record, or undefined when no identifier can be its key. A stub of a closed record has the form `fhir-closed`:
 * its content says nothing but that it is closed, so what was held of it before is kept (docs/decisions/0032).
 */
export function recordOf(
  resource: AnyResource,
  { content, hash }: { content: string; hash: Buffer },
  options: FactsOptions,
  key = businessKeyOf(resource),
): ReadRecord | undefined {
  if (!key) return undefined;
  const closed = resource['active'] === false || ended.has(String(resource['status']));
  const stub = closed && Object.keys(resource).every((name) => stubElements.has(name));
  return {
    ...{ kind: resource.resourceType as RecordKind, key, content, hash },
    state: closed ? 'closed' : 'active',
    form: stub ? 'fhir-closed' : 'fhir',
    ...(resource.id ? { remoteId: resource.id } : {}),
    ...(resource.meta?.versionId ? { remoteVersion: resource.meta.versionId } : {}),
    facts: factsOf(resource, key, options),
  };
}
