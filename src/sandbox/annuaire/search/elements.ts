/** `_elements`: a resource with those elements, what its profile demands, and the tag SUBSETTED (FHIR R4 §3.1.1.5.9). */
import type { AnyResource } from '../../../fhir/types.ts';

/** Elements that stay whatever is asked, as they do at the real API. */
const always = new Set(['resourceType', 'id', 'meta', 'identifier', 'active']);

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
};

export function withElements(resource: AnyResource, elements: readonly string[] | undefined): AnyResource {
  if (!elements) return resource;
  const wanted = new Set(elements.map((name) => name.split('.').at(name.includes('.') ? 1 : 0) ?? name));
  for (const name of elements) wanted.add(name);
  const kept = Object.fromEntries(
    Object.entries(resource).filter(([name]) => always.has(name) || wanted.has(name)),
  ) as AnyResource;
  return { ...kept, meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), subsetted] } };
}
