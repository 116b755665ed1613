/** Ids of a page in four bytes each, as a checkpoint keeps them: what comes again after a restart is told by them. */
import { digestNumber } from '../../fhir/digest-table.ts';

export function tailText(ids: readonly string[]): string {
  return Buffer.from(Uint32Array.from(ids, shortOf).buffer).toString('base64');
}

export function tailOf(text: string | undefined): Set<number> {
  const bytes = Buffer.from(text ?? '', 'base64');
  const found = new Set<number>();
  for (let at = 0; at + 4 <= bytes.length; at += 4) found.add(bytes.readUInt32LE(at));
  return found;
}

export function isMet(id: string, tail: string | undefined): boolean {
  return tail !== undefined && tailOf(tail).has(shortOf(id));
}

export function shortOf(id: string): number {
  return digestNumber(id) % 2 ** 32;
}
