import { referenceTo } from '../fhir/references.ts';
import type { DirectoryRecordRow } from '../store/schema-directory.ts';
import { longKey } from './keys.ts';

/** The columns of `directory_record` that a resource is made of. */
export type HeldRow = Pick<
  DirectoryRecordRow,
  'source' | 'kind' | 'key' | 'state' | 'form' | 'content' | 'practitioner' | 'organization' | 'part_of'
>;

/** The conditional reference of a link of a row; a link that is not yet a key (`{ remote }`) has none. */
export function linkOf(type: string, short: string | null): string | undefined {
  return short === null ? undefined : referenceTo(type, longKey(short));
}
