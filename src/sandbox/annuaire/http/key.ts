/** The key of an application, in a header of its own (french-standards §3.2). */

/** Node gives header names in small letters. */
export const keyHeader = 'esante-api-key';

/** A key that anybody may know: there is nothing to protect. */
export function keyOf(seed: number): string {
  return `emulateur-${String(seed).padStart(4, '0')}`;
}
