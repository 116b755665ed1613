/**
 * A text as searches compare it (FHIR R4 §3.1.1.4.8, string): case and combining marks do not count. A final sigma is a sigma.
 */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ');
}
