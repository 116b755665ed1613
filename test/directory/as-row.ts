/** Records as rows of `directory_record`, without a database. */
import type { HeldRow } from '../../src/directory/held-row.ts';
import { shortKey } from '../../src/directory/keys.ts';
import type { Link, ReadRecord } from '../../src/directory/types.ts';

export function heldRow({ kind, key, state, form, content, facts }: ReadRecord, source = 'rpps'): HeldRow {
  const link = (to: Link | undefined): string | null => (to && 'key' in to ? shortKey(to.key) : null);
  return {
    ...{ source, kind, key: shortKey(key), state, form, content },
    practitioner: link(facts.practitioner),
    organization: link(facts.organization),
    part_of: link(facts.partOf),
  };
}
