/** A stored version as a resource of this endpoint: its id, its version, and references that can be followed here. */
import { logicalId } from '../../fhir/key.ts';
import { managedByTag, publicationSource } from '../../fhir/names.ts';
import { mapReferences, parseKeyReference } from '../../fhir/references.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { ServedSource } from '../../store/served-sources.ts';
import type { ServedVersion } from '../../store/served.ts';

/** Business keys become `Type/logicalId`; what was published says so in its meta, what was exchanged keeps its own. */
export function renderVersion(source: ServedSource, version: ServedVersion): AnyResource {
  const { resourceType, id: _id, meta, ...rest } = version.body;
  const elements = source === 'published' ? mapReferences(rest, localReference) : rest;
  return {
    resourceType,
    id: version.id,
    meta: {
      ...(source === 'published' ? { source: publicationSource, tag: [managedByTag] } : {}),
      ...meta,
      versionId: version.versionId,
      lastUpdated: version.lastUpdated.toISOString(),
    },
    ...elements,
  };
}

function localReference(reference: string): string | undefined {
  const target = parseKeyReference(reference);
  return target && `${target.type}/${logicalId(target.type, target.key)}`;
}
