/** Codes of code systems that are complete here: a Coding that names such a system must hold one of its codes (FHIR R4 §4.1). */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { anyResource, type Shapes } from './base-schema.ts';
import { partsOf } from './nested.ts';

/** Codes by code system URL. */
export type ClosedSystems = Record<string, string[]>;

/** Issues of the Codings of a resource; resources nested in it are judged on their own. */
export function checkCodings(resource: AnyResource, systems: ClosedSystems, shapes: Shapes): Issue[] {
  const issues: Issue[] = [];
  visit(resource, resource.resourceType, resource.resourceType);
  return issues;

  function visit(value: unknown, type: string, at: string): void {
    if (typeof value !== 'object' || value === null) return;
    if (type === 'Coding') check(value, at);
    for (const part of partsOf(value, type, shapes)) {
      if (part.type !== anyResource) visit(part.value, part.type, at + part.step);
    }
  }

  function check({ system, code }: { system?: unknown; code?: unknown }, at: string): void {
    if (typeof system !== 'string' || typeof code !== 'string') return;
    const codes = Object.hasOwn(systems, system) ? systems[system] : undefined;
    if (!codes || codes.includes(code)) return;
    issues.push({
      severity: 'error',
      code: 'code-invalid',
      message: `code inconnu du système ${system}`,
      expression: `${at}.code`,
    });
  }
}
