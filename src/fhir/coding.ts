/** Comparing codings: the same system and the same code; version, display and text do not count. Pure. */
import type { CodeableConcept, Coding } from './types.ts';

export function isSameCoding(a: Coding, b: Coding): boolean {
  return a.system === b.system && a.code === b.code;
}

/** True when both lists have a coding in common. */
export function shareCoding(some: readonly Coding[], others: readonly Coding[]): boolean {
  return some.some((one) => others.some((other) => isSameCoding(one, other)));
}

/** True when the concept has the coding. */
export function hasCoding(concept: CodeableConcept | undefined, wanted: Coding): boolean {
  return shareCoding(concept?.coding ?? [], [wanted]);
}
