/** Walking a resource along its shape: the parts of a value, and the resources nested in a resource. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { anyResource, type Shapes } from './base-schema.ts';

/** A part of a value with its type; `step` is what its FHIRPath adds (`.name[0]`). */
export type Part = { value: unknown; type: string; step: string };

/** The typed parts of an object value, list items one by one. */
export function partsOf(value: object, type: string, shapes: Shapes): Part[] {
  const shape = shapes[type] ?? {};
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
    const childType = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!childType) return [];
    if (!Array.isArray(child)) return [{ value: child, type: childType, step: `.${name}` }];
    return child.map((item: unknown, index) => ({
      value: item,
      type: childType,
      step: `.${name}[${index}]`,
    }));
  });
}

/** A resource inside another (`contained`, `Bundle.entry.resource`) and the FHIRPath that leads to it. */
export type Nested = { resource: AnyResource; path: string };

/** All resources nested in a resource, at any depth, outermost first. */
export function nestedResources(resource: AnyResource, shapes: Shapes): Nested[] {
  const found: Nested[] = [];
  visit(resource, resource.resourceType, resource.resourceType);
  return found;

  function visit(value: unknown, type: string, path: string): void {
    if (typeof value !== 'object' || value === null) return;
    for (const part of partsOf(value, type, shapes)) {
      const at = path + part.step;
      if (part.type !== anyResource) visit(part.value, part.type, at);
      else if (isKnown(part.value, shapes)) {
        found.push({ resource: part.value, path: at });
        visit(part.value, part.value.resourceType, at);
      }
    }
  }
}

function isKnown(value: unknown, shapes: Shapes): value is AnyResource {
  const type = (value as { resourceType?: unknown } | null)?.resourceType;
  return typeof type === 'string' && Object.hasOwn(shapes, type);
}

/** An issue of a nested resource, told from the outermost one. */
export function inside(issue: Issue, nested: Nested): Issue {
  const { resourceType } = nested.resource;
  const inner = issue.expression?.startsWith(resourceType) ? issue.expression.slice(resourceType.length) : '';
  return { ...issue, expression: nested.path + inner };
}
