/** Codes and identifiers whose system says what they may be. */
import type { Finding } from './place.ts';

/** Codes by code system URL. */
export type ClosedSystems = ReadonlyMap<string, ReadonlySet<string>>;

/** What is wrong with the code of a Coding: a system that is complete here has no other codes (FHIR R4 §4.1). */
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

const uriSystem = 'urn:ietf:rfc:3986';

const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:/;

const relativeSystem: Finding = {
  severity: 'error',
  code: 'value',
  message: 'le système d’un identifiant est une URI absolue',
  below: 'system',
};

/** What is wrong with an Identifier: its system is absolute, and that of URIs has URIs (FHIR R4 §2.24.0.12). */
export function identifierIssue(identifier: object): Finding | undefined {
  const { system, value } = identifier as { system?: unknown; value?: unknown };
  if (typeof system === 'string' && !absolute.test(system)) return relativeSystem;
  if (system !== uriSystem || typeof value !== 'string' || absolute.test(value)) return undefined;
  return {
    severity: 'error',
    code: 'value',
    message: `URI absolue attendue pour le système ${uriSystem}`,
    below: 'value',
  };
}
