/** References between resources: exchanged inside a transaction, resolved when conditional, checked to lead somewhere. */
import { mapReferences, referencesIn } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';
import { Refusal } from './answer.ts';
import type { Records } from './records.ts';
import { findOne } from './search.ts';

/** Every string equal to a transaction's own name for a resource becomes that resource's place (CORE-05). */
export function exchangeNames<T>(value: T, places: ReadonlyMap<string, string>): T {
  return exchange(value, places) as T;
}

function exchange(value: unknown, places: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return places.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => exchange(item, places));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, exchange(child, places)]));
}

/**
 * `Type?query` references become `Type/id`. One that finds nothing stays as it is, or with `strict` refuses
 * everything, because a transaction may still create what it means (CORE-04).
 */
export function resolveConditional(records: Records, resource: AnyResource, strict: boolean): AnyResource {
  return mapReferences(resource, (reference) => {
    const [type, query] = reference.split('?', 2);
    if (!query || !/^[A-Z][A-Za-z]+$/.test(type!)) return undefined;
    const found = findOne(records.memory, records.base, type!, query);
    if (found) return `${found.type}/${found.id}`;
    if (strict) throw new Refusal(400, 'not-found', `A conditional reference to ${type} finds nothing`);
    return undefined;
  });
}

/** True when a resource has references that a transaction would have to resolve. */
export function hasConditional(resource: AnyResource): boolean {
  return referencesIn(resource).some((reference) => /^[A-Z][A-Za-z]+\?/.test(reference));
}

/** Refuses references to resources that were never here, are deleted, or are a transaction's unknown names. */
export function checkReferences(records: Records, resource: AnyResource): void {
  if (!records.checkReferences) return;
  for (const reference of referencesIn(resource)) {
    if (reference.startsWith('urn:uuid:')) throw broken('urn:uuid', 'nothing in the transaction');
    const target = localTarget(records.base, reference);
    if (target && !records.memory.newest(target.type, target.id)?.resource)
      throw broken(target.type, 'nothing here');
  }
}

/** A living resource that refers to `Type/id`, other than itself. */
export function isReferredTo(records: Records, type: string, id: string, types: Iterable<string>): boolean {
  for (const referring of types) {
    for (const version of records.memory.living(referring)) {
      if (version.type === type && version.id === id) continue;
      const targets = referencesIn(version.resource).map((reference) => localTarget(records.base, reference));
      if (targets.some((target) => target?.type === type && target.id === id)) return true;
    }
  }
  return false;
}

function localTarget(base: string, reference: string): { type: string; id: string } | undefined {
  const local = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  const [, type, id] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.+)?$/.exec(local) ?? [];
  return type && id ? { type, id } : undefined;
}

function broken(what: string, where: string): Refusal {
  return new Refusal(400, 'not-found', `A reference (${what}) leads to ${where}`);
}
