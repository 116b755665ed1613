/** Codes of code systems that are complete here: a Coding that names such a system must hold one of its codes (FHIR R4 §4.1). */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Shapes } from './base-schema.ts';
import { partsWithin } from './nested.ts';

/** Codes by code system URL. */
export type ClosedSystems = Record<string, string[]>;

/** Issues of the Codings of a resource; resources nested in it are judged on their own. */
export function checkCodings(resource: AnyResource, systems: ClosedSystems, shapes: Shapes): Issue[] {
  return partsWithin(resource, shapes).flatMap(({ type, value, path }): Issue[] => {
    const { system, code } = (type === 'Coding' && value ? value : {}) as {
      system?: unknown;
      code?: unknown;
    };
    if (typeof system !== 'string' || typeof code !== 'string') return [];
    const codes = Object.hasOwn(systems, system) ? systems[system] : undefined;
    if (!codes || codes.includes(code)) return [];
    const message = `code inconnu du système ${system}`;
    return [{ severity: 'error', code: 'code-invalid', message, expression: `${path}.code` }];
  });
}
