/** The typed elements of a resource as places where something can be changed, each change in a copy. */
import type { AnyResource } from '../../src/fhir/types.ts';
import { anyResource, type Shapes } from '../../src/validation/base-schema.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** One element: `name` in its holder, `index` in a list; `path` as FHIRPath, `element` the same without indexes. */
export type Place = {
  steps: readonly (string | number)[];
  name: string;
  index: number | undefined;
  value: Json;
  type: string;
  path: string;
  holder: string;
  element: string;
};

/** Every element of a resource, those of resources nested in it left out. */
export function placesIn(resource: AnyResource, shapes: Shapes): Place[] {
  const found: Place[] = [];
  const { resourceType } = resource;
  visit(resource as unknown as JsonObject, resourceType, [], resourceType, resourceType);
  return found;

  function visit(
    holder: JsonObject,
    type: string,
    steps: Place['steps'],
    path: string,
    element: string,
  ): void {
    for (const [name, child] of Object.entries(holder)) {
      const its = Object.hasOwn(shapes[type] ?? {}, name) ? shapes[type]![name]! : undefined;
      if (!its || its === anyResource) continue;
      const list = Array.isArray(child) ? child : [child];
      list.forEach((value, at) => {
        const index = Array.isArray(child) ? at : undefined;
        const here = `${path}.${name}${index === undefined ? '' : `[${index}]`}`;
        const place = {
          ...{ name, index, value, type: its, path: here, holder: path, element: `${element}.${name}` },
          steps: index === undefined ? [...steps, name] : [...steps, name, index],
        };
        found.push(place);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          visit(value, its, place.steps, here, place.element);
        }
      });
    }
  }
}

/** A copy with the holder of a place changed. */
export function changed(
  resource: AnyResource,
  place: Place,
  change: (holder: JsonObject) => void,
): AnyResource {
  const steps = place.index === undefined ? place.steps.slice(0, -1) : place.steps.slice(0, -2);
  return changedAt(resource, steps, change);
}

/** A copy with the object at some steps changed. */
export function changedAt(
  resource: AnyResource,
  steps: Place['steps'],
  change: (object: JsonObject) => void,
): AnyResource {
  const copy = structuredClone(resource);
  let at = copy as unknown as Json;
  for (const step of steps) at = (at as JsonObject)[step as string]!;
  change(at as JsonObject);
  return copy;
}

/** A copy in which a place holds another value. */
export function replaced(resource: AnyResource, place: Place, value: Json): AnyResource {
  return changed(resource, place, (holder) => {
    if (place.index === undefined) holder[place.name] = value;
    else (holder[place.name] as Json[])[place.index] = value;
  });
}
