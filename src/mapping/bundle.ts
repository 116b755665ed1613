/** Mapped resources as people and validators want to see them: a FHIR Bundle or NDJSON, references resolved. */
import { logicalId } from '../fhir/key.ts';
import { canonicalBase } from '../fhir/names.ts';
import { mapReferences, parseKeyReference } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { MappedResource } from './types.ts';

export type CollectionBundle = {
  resourceType: 'Bundle';
  type: 'collection';
  entry: { fullUrl: string; resource: AnyResource }[];
};

/**
 * Gives every resource its logical id and turns conditional references into `Type/id` where the target is among them, or
 * is known by its logical id to be `elsewhere`: in another part of what is written.
 */
export function resolveBundle(
  resources: readonly MappedResource[],
  elsewhere: (id: string) => boolean = () => false,
): CollectionBundle {
  const present = new Set(resources.map((one) => logicalId(one.type, one.key)));
  const resolve = (reference: string): string | undefined => {
    const target = parseKeyReference(reference);
    if (!target) return undefined;
    const id = logicalId(target.type, target.key);
    return present.has(id) || elsewhere(id) ? `${target.type}/${id}` : undefined;
  };
  const entry = resources.map((one) => {
    const { resourceType, ...rest } = mapReferences(one.body, resolve);
    const id = logicalId(one.type, one.key);
    return { fullUrl: `${canonicalBase}/${one.type}/${id}`, resource: { resourceType, id, ...rest } };
  });
  return { resourceType: 'Bundle', type: 'collection', entry };
}

/** One resource a line, as bulk data wants it. */
export function toNdjson(bundle: CollectionBundle): string {
  return bundle.entry.map(({ resource }) => `${JSON.stringify(resource)}\n`).join('');
}
