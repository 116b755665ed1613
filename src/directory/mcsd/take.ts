/** A resource of an mCSD server as a record, or why it is not believed. */
import professions from '../../../mappings/directory/professions.json' with { type: 'json' };
import type { Issue } from '../../fhir/issue.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { businessKeyOf } from '../api/business-key.ts';
import { contentOf, recordOf } from '../api/record.ts';
import type { Known, ReadRecord, RecordKind } from '../types.ts';
import { maySpeakFor } from './authority.ts';
import type { McsdSettings } from './options.ts';

/** Services, places and endpoints often have no identifier: the server's own address of them is their key (MCSD-16). */
export function keyOf(resource: AnyResource, base: string): BusinessKey {
  return businessKeyOf(resource) ?? `${base}|${resource.resourceType}/${resource.id}`;
}

/** Records that are not known; counts those of others into `refused`. */
export function take(
  resources: readonly AnyResource[],
  known: Known,
  { base, authority }: McsdSettings,
): { records: ReadRecord[]; issues: Issue[] } {
  const records: ReadRecord[] = [];
  let refused = 0;
  for (const resource of resources) {
    const key = keyOf(resource, base);
    if (!maySpeakFor(key, authority, base)) {
      refused += 1;
      continue;
    }
    const content = contentOf(resource);
    if (known.has(content.hash)) continue;
    const record = recordOf(resource, content, { base, professionSystems: professions.systems }, key);
    if (record) records.push(record);
  }
  const kind = resources[0]?.resourceType as RecordKind;
  return { records, issues: refused ? [refusal(kind, refused)] : [] };
}

function refusal(kind: RecordKind, count: number): Issue {
  return {
    ...{ severity: 'warning', code: 'forbidden', rule: 'authority', expression: `${kind}.identifier` },
    message: `${count} fiche(s) ${kind} dont ce serveur n’a pas autorité (« authority ») : elles ne sont pas tenues.`,
  };
}
