/** A short name for what some data say: the same name, the same content. */
import { contentHash } from './normal.ts';

/** The first 16 hexadecimal digits of the content's hash, as `/fhir` names versions of what networks publish. */
export function versionOf(content: unknown): string {
  return contentHash(content).slice(0, 16);
}
