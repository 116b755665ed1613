import { systems } from '../fhir/identifiers.ts';
import { shortKey } from './keys.ts';

/** Systems that an identifier of so many characters may be of. */
const byLength: Readonly<Record<number, readonly string[]>> = {
  9: [systems.finess, systems.siren],
  10: [systems.idNatSt],
  11: [systems.rpps],
  12: [systems.idNatPs],
  14: [systems.siren],
  15: [systems.idNatSt],
};

/**
 * Short keys that a person may mean: `system|value`, a short key as lists show it (`F990780017`), or the bare number of a
 * FINESS, SIREN, SIRET, RPPS, idNatSt or idNatPs. Empty for words.
 */
export function typedKeys(text: string): string[] {
  const typed = text.trim();
  if (typed.includes('|')) return [shortKey(typed)];
  if (/^[A-Z]\S*[0-9]\S*$/.test(typed)) return [typed];
  const digits = typed.replaceAll(/[\s.-]/g, '');
  if (!/^([0-9]+|2[AB][0-9]{7})$/.test(digits)) return [];
  return (byLength[digits.length] ?? []).map((system) => shortKey(`${system}|${digits}`));
}
