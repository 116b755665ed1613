/** Nulls in JSON (FHIR R4 §2.6.2.1): only in a list of primitives or of their `_` twins, and only where the other has something. */
import type { Issue } from '../fhir/issue.ts';

type JsonObject = Record<string, unknown>;

/** Issues of every null in a resource that holds no place for anything. */
export function checkNulls(resource: { resourceType: string }): Issue[] {
  const issues: Issue[] = [];
  visit(resource, resource.resourceType);
  return issues;

  function visit(value: object, path: string): void {
    for (const [name, child] of Object.entries(value) as [string, unknown][]) {
      const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
      if (Array.isArray(child)) visitList(value as JsonObject, name, child, at);
      else if (typeof child === 'object' && child !== null) visit(child, at);
    }
  }

  function visitList(holder: JsonObject, name: string, list: unknown[], path: string): void {
    const twin = holder[name.startsWith('_') ? name.slice(1) : `_${name}`];
    list.forEach((item, index) => {
      const at = `${path}[${index}]`;
      const other: unknown = Array.isArray(twin) ? twin[index] : undefined;
      if (item === null && (other === null || other === undefined)) issues.push(nothingAt(at));
      else if (typeof item === 'object' && item !== null) visit(item, at);
    });
  }
}

function nothingAt(expression: string): Issue {
  const message = 'null sans valeur ni extension à cette place';
  return { severity: 'error', code: 'structure', message, expression };
}
