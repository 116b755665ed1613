/** A resource of an mCSD server as a record, or why it is not believed. */
import professions from '../../../mappings/directory/professions.json' with { type: 'json' };
import type { Issue } from '../../fhir/issue.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { businessKeyOf } from '../api/business-key.ts';
import { contentOf, recordOf } from '../api/record.ts';
import { maySpeakFor, refusedIssue, withinAuthority } from '../authority.ts';
import type { Known, ReadRecord, RecordKind } from '../types.ts';
import type { McsdSettings } from './options.ts';

/** Services, places and endpoints often have no identifier: the server's own address of them is their key (MCSD-16). */
export function keyOf(resource: AnyResource, base: string): BusinessKey {
  return businessKeyOf(resource) ?? `${base}|${resource.resourceType}/${resource.id}`;
}

/** Records that are not known, and how many the server had no authority for. */
export function take(
  resources: readonly AnyResource[],
  known: Known,
  { base, authority }: McsdSettings,
): { records: ReadRecord[]; issues: Issue[] } {
  const within = { rules: authority, own: base };
  const records: ReadRecord[] = [];
  let refused = 0;
  for (const resource of resources) {
    const key = keyOf(resource, base);
    if (!maySpeakFor(key, within)) {
      refused += 1;
      continue;
    }
    const options = { base, professionSystems: professions.systems };
    const record = recordOf(resource, contentOf(resource), options, key);
    const own = record && withinAuthority(record, within);
    if (own && !known.has(own.hash)) records.push(own);
  }
  const kind = resources[0]?.resourceType as RecordKind;
  return { records, issues: refused ? [refusedIssue(kind, refused)] : [] };
}
