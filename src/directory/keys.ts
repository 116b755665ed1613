/** Business keys as the held directory stores them: the systems it meets by the million are one letter. */
import { systems } from '../fhir/identifiers.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { canonicalBase } from '../fhir/names.ts';

/** System of roles known from a file that gives them no identifier: digest of who, what, where and how. */
export const extractRoleSystem = `${canonicalBase}/directory-role`;
/** System of the technical identifier of a structure in the flat files (no FINESS or SIRET). */
export const technicalStructureSystem = `${canonicalBase}/directory-structure`;
/** System of records that something refers to and no source showed: the source's own id (P-4). */
export const unseenSystem = `${canonicalBase}/directory-unseen`;
/** How short keys of that system begin. */
export const unseenLetter = 'U';

/** Short keys of establishments that FINESS numbers, as a regular expression: name and commune tell these apart. */
export const finessKeys = '^(F|S1)[0-9]';

const letters: Readonly<Record<string, string>> = {
  P: systems.idNatPs,
  R: systems.rpps,
  S: systems.idNatSt,
  F: systems.finess,
  N: systems.siren,
  X: extractRoleSystem,
  T: technicalStructureSystem,
  [unseenLetter]: unseenSystem,
};
/** The systems that have a letter. */
export const heldSystems: readonly string[] = Object.values(letters);
const begins = Object.entries(letters).map(([letter, system]) => ({ letter, begin: `${system}|` }));

/** `system|value` → letter and value; unknown systems stay whole: a URI begins with a small letter. */
export function shortKey(key: BusinessKey): string {
  for (const { letter, begin } of begins) if (key.startsWith(begin)) return letter + key.slice(begin.length);
  return key;
}

/** The other way round. */
export function longKey(short: string): BusinessKey {
  const system = letters[short[0]!];
  return system ? `${system}|${short.slice(1)}` : short;
}
