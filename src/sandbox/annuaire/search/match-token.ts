/** Token search (FHIR R4 §3.1.1.4.10): `code`, `system|code`, `|code`, `system|`. */
import type { Token } from './values.ts';

/** A test of one token of a resource. */
export function tokenTest(wanted: string): (found: Token) => boolean {
  const bar = wanted.indexOf('|');
  if (bar < 0) return ({ code }) => code === wanted;
  const [system, code] = [wanted.slice(0, bar), wanted.slice(bar + 1)];
  if (system === '') return (found) => found.system === undefined && found.code === code;
  return (found) => found.system === system && (code === '' || found.code === code);
}
