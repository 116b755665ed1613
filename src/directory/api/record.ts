/** A resource of an API as a record of the held directory. */
import { hash } from 'node:crypto';
import type { AnyResource } from '../../fhir/types.ts';
import type { ReadRecord, RecordKind } from '../types.ts';
import { businessKeyOf } from './business-key.ts';
import { canonicalText } from './canonical.ts';
import { factsOf, type FactsOptions } from './facts.ts';

/** Digits of the SHA-256 that are kept: 16 bytes, as many as the store holds. */
const hashDigits = 32;

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
  const content = canonicalText(kept);
  return { content, hash: Buffer.from(hash('sha256', content).slice(0, hashDigits), 'hex') };
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
