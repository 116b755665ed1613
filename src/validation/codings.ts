/** Codes of code systems that are complete here: a Coding that names such a system must hold one of its codes (FHIR R4 §4.1). */
import type { Finding } from './place.ts';

/** Codes by code system URL. */
export type ClosedSystems = ReadonlyMap<string, ReadonlySet<string>>;

/** What is wrong with the code of a Coding. */
export function codingIssue(coding: object, systems: ClosedSystems): Finding | undefined {
  const { system, code } = coding as { system?: unknown; code?: unknown };
  if (typeof system !== 'string' || typeof code !== 'string') return undefined;
  const codes = systems.get(system);
  if (!codes || codes.has(code)) return undefined;
  return {
    severity: 'error',
    code: 'code-invalid',
    message: `code inconnu du système ${system}`,
    below: 'code',
  };
}
