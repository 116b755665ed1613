/** Contained resources (FHIR R4 §2.3.0.1): each has an id of its own, and is referred to or refers to its container (dom-3). */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';

/** Issues of what a resource contains; at `path`. */
export function checkContained(resource: AnyResource): Issue[] {
  const contained: unknown = resource['contained'];
  if (!Array.isArray(contained)) return [];
  const { contained: _inner, ...outer } = resource;
  const named = localReferences(outer, new Set());
  const inner = contained.map((one: unknown) => localReferences(one, new Set()));
  for (const names of inner) for (const name of names) named.add(name);
  const ids = new Set<unknown>();
  return contained.flatMap((one: unknown, index): Issue[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { id } = one as { id?: unknown };
    const isRepeated = ids.has(id);
    ids.add(id);
    const wrong =
      id === undefined ? 'ressource contenue sans id'
      : isRepeated ? 'id déjà porté par une autre ressource contenue'
      : (typeof id === 'string' && named.has(`#${id}`)) || inner[index]!.has('#') ? undefined
      : 'ressource contenue que rien ne désigne et qui ne désigne pas son contenant (dom-3)'; // prettier-ignore
    if (!wrong) return [];
    const expression = `${resource.resourceType}.contained[${index}]`;
    return [{ severity: 'error', code: 'invariant', message: wrong, expression, rule: 'dom-3' }];
  });
}

/** What stands in a value where a reference, a canonical or another URI may, and begins with `#`. */
function localReferences(value: unknown, found: Set<string>): Set<string> {
  if (typeof value === 'string' && value.startsWith('#')) found.add(value);
  else if (Array.isArray(value)) value.forEach((item) => localReferences(item, found));
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((child) => localReferences(child, found));
  return found;
} // prettier-ignore
