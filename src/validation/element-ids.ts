/** Ids of elements are unique within a resource (FHIR R4 §2.24.0.4.1): others refer to elements by them. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Shapes } from './base-schema.ts';
import { partsWithin } from './nested.ts';

/** Issues of the ids of elements; resources nested in the resource have ids of their own. */
export function checkElementIds(resource: AnyResource, shapes: Shapes): Issue[] {
  const seen = new Set<string>();
  return partsWithin(resource, shapes).flatMap(({ value, path }): Issue[] => {
    const id = (value as { id?: unknown } | null)?.id;
    if (typeof id !== 'string') return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const message = 'id d’élément déjà porté par un autre de la même ressource';
    return [{ severity: 'error', code: 'value', message, expression: `${path}.id` }];
  });
}
