/** String search (FHIR R4 §3.1.1.4.8): begins with, ignoring case and accents; `:contains` and `:exact`. */

export type StringModifier = 'contains' | 'exact' | undefined;

/** A test of one word or phrase of a resource: as it stands when it has to be exact, else made plain. */
export function stringTest(wanted: string, modifier: StringModifier): (found: string) => boolean {
  if (modifier === 'exact') return (found) => found === wanted;
  const plain = plainOf(wanted);
  return modifier === 'contains' ? (found) => found.includes(plain) : (found) => found.startsWith(plain);
}

/** Without case and accents. */
export function plainOf(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
