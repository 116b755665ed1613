/** Records of the held directory as resources of this endpoint: ids, versions, references that can be followed (MCSD-06). */
import type { Referred } from '../../directory/given-resource.ts';
import { longKey, shortKey } from '../../directory/keys.ts';
import { resourceOf } from '../../directory/resource.ts';
import { keyOf, logicalId, splitKey } from '../../fhir/key.ts';
import { type KeyReference, parseKeyReference, referencesIn, referenceTo } from '../../fhir/references.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { HeldVersion } from '../../store/directory-served-rows.ts';
import type { FhirEdge } from './edge.ts';

/** Elements of references that no column holds, and the type that each refers to. */
const elements: Readonly<Record<string, string>> = {
  endpoint: 'Endpoint',
  location: 'Location',
  healthcareService: 'HealthcareService',
};

/** Resources in the order of the versions; two questions to the store at most for all that they refer to. */
export async function renderHeld(
  { store }: Pick<FhirEdge, 'store'>,
  tenant: string,
  versions: readonly HeldVersion[],
): Promise<AnyResource[]> {
  const keys = await store.directoryServed.keysOfIds(versions.flatMap(idsIn));
  const resources = versions.map((version) => resourceOf(version, referredIn(version, keys)));
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

/** An address, below whatever base, of what no column of a row refers to. */
const address =
  /^(?:(https?:.+)\/)?((Endpoint|Location|HealthcareService)\/([A-Za-z0-9\-.]{1,64}))(?:\/_history\/.+)?$/;

/** Ids of its source that a version may refer to. */
function idsIn({ source, content }: HeldVersion): { source: string; kind: string; id: string }[] {
  const found = content?.matchAll(/"reference":"([^"]+)"/g) ?? [];
  return [...found].flatMap(([, reference]) => {
    const [, , , kind, id] = address.exec(reference!) ?? [];
    return kind && id ? [{ source, kind, id }] : [];
  });
}

/**
 * By the source's id, else by identifier. Of absolute addresses, those of what has no identifier: its address is its key
 * (MCSD-16).
 */
function referredIn({ source }: HeldVersion, keys: ReadonlyMap<string, string>): Referred {
  return ({ reference, identifier }, element) => {
    const type = elements[element];
    if (type === undefined) return undefined;
    const [, base, path, kind, id] = address.exec(String(reference)) ?? [];
    const held = kind && keys.get(`${source} ${kind} ${id}`);
    if (held && (base === undefined || held === `${base}|${path}`)) return referenceTo(kind, longKey(held));
    const named = keyOf(identifier);
    return named === undefined ? undefined : referenceTo(type, named);
  };
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
