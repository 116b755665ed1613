/** Who may speak for which identifiers (P-14): a server is believed about what its configuration names. */
import { type BusinessKey, splitKey } from '../../fhir/key.ts';

/** `rules`: `system` or `system|beginning of the value`; none: anything. `own` is the system of the server's own ids. */
export function maySpeakFor(key: BusinessKey, rules: readonly string[], own: string): boolean {
  const { system } = splitKey(key);
  if (rules.length === 0 || system === own) return true;
  return rules.some((rule) => (rule.includes('|') ? key.startsWith(rule) : system === rule));
}
