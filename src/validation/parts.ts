/** The typed parts of a resource, for those who look at all of them at leisure. */
import type { AnyResource } from '../fhir/types.ts';
import { anyResource, type Shapes } from './base-schema.ts';
import { expressionAt, type Place } from './place.ts';

/** A part of a resource with its type and FHIRPath. */
export type Part = { value: unknown; type: string; path: string };

/** Every typed part of a resource at any depth; resources nested in it are left out. */
export function partsWithin(resource: AnyResource, shapes: Shapes): Part[] {
  const parts: Part[] = [];
  visit(resource, resource.resourceType, [resource.resourceType]);
  return parts;

  function visit(value: object, type: string, place: Place): void {
    const shape = shapes[type] ?? {};
    for (const [name, child] of Object.entries(value) as [string, unknown][]) {
      const its = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (!its || its === anyResource) continue;
      if (Array.isArray(child)) child.forEach((item, index) => found(item, its, [...place, name, index]));
      else found(child, its, [...place, name]);
    }
  }

  function found(value: unknown, type: string, place: Place): void {
    parts.push({ value, type, path: expressionAt(place) });
    if (typeof value === 'object' && value !== null) visit(value, type, place);
  }
}
