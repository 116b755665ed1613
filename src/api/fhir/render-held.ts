/** Records of the held directory as resources of this endpoint: ids, versions, references that can be followed (MCSD-06). */
import { shortKey } from '../../directory/keys.ts';
import { resourceOf } from '../../directory/resource.ts';
import { logicalId, splitKey } from '../../fhir/key.ts';
import { type KeyReference, parseKeyReference, referencesIn } from '../../fhir/references.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { HeldVersion } from '../../store/directory-served-rows.ts';
import type { FhirEdge } from './edge.ts';

/** Resources in the order of the versions; one question to the store for all that they refer to. */
export async function renderHeld(
  { store }: Pick<FhirEdge, 'store'>,
  tenant: string,
  versions: readonly HeldVersion[],
): Promise<AnyResource[]> {
  const resources = versions.map((version) => resourceOf(version));
  const targets = [...new Set(referencesIn(resources))]
    .map(parseKeyReference)
    .filter((target) => target !== undefined);
  const there = await store.directoryServed.existing(
    tenant,
    targets.map(({ type, key }) => ({ kind: type, key: shortKey(key) })),
  );
  return resources.map((resource, index) => {
    const { resourceType, id: _id, meta, ...elements } = resource;
    const { id, run, lastUpdated } = versions[index]!;
    return {
      resourceType,
      id,
      meta: { ...meta, versionId: String(run), lastUpdated: lastUpdated.toISOString() },
      ...(followable(elements, ({ type, key }) => there.has(`${type} ${shortKey(key)}`)) as object),
    };
  });
}

/** What is not there to be read is referred to by its identifier alone. */
function followable(value: unknown, isThere: (target: KeyReference) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => followable(item, isThere));
  if (typeof value !== 'object' || value === null) return value;
  const { reference, ...rest } = value as { reference?: unknown } & Record<string, unknown>;
  const copy = Object.fromEntries(
    Object.entries(rest).map(([name, child]) => [name, followable(child, isThere)]),
  );
  if (reference === undefined) return copy;
  const target = typeof reference === 'string' ? parseKeyReference(reference) : undefined;
  if (!target) return { reference, ...copy };
  if (isThere(target)) return { reference: `${target.type}/${logicalId(target.type, target.key)}`, ...copy };
  return { type: target.type, identifier: splitKey(target.key), ...copy };
}
