/** Walking a resource along its shape: the parts of a value, and the resources nested in a resource. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { anyResource, isPrimitive, type Shapes } from './base-schema.ts';

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

/** Every typed part of a resource at any depth, with its FHIRPath; resources nested in it are left out. */
export function partsWithin(resource: AnyResource, shapes: Shapes): (Part & { path: string })[] {
  const visit = (value: unknown, type: string, path: string): (Part & { path: string })[] => {
    if (typeof value !== 'object' || value === null) return [];
    return partsOf(value, type, shapes)
      .filter((part) => part.type !== anyResource)
      .flatMap((part) => {
        const at = path + part.step;
        return [{ ...part, path: at }, ...visit(part.value, part.type, at)];
      });
  };
  return visit(resource, resource.resourceType, resource.resourceType);
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

/** Values of data types other than primitives that stand in extensions, at any depth of a resource. */
export function extensionValues(resource: AnyResource, shapes: Shapes): (Part & { path: string })[] {
  const found: (Part & { path: string })[] = [];
  visit(resource, resource.resourceType, resource.resourceType);
  return found;

  function visit(value: unknown, type: string, path: string): void {
    if (typeof value !== 'object' || value === null) return;
    for (const part of partsOf(value, type, shapes)) {
      if (part.type === anyResource) continue;
      const at = path + part.step;
      if (type === 'Extension' && part.step.startsWith('.value') && !isPrimitive(part.type))
        found.push({ ...part, path: at });
      visit(part.value, part.type, at);
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
