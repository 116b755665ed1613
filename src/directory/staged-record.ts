import type { StagedRecord } from '../store/directory-lines.ts';
import { shortKey } from './keys.ts';
import type { Link, NamedRecord, ReadRecord } from './types.ts';

/** A record as it is staged: short keys, 16 bytes of its hash, links by the source's own ids marked as such. */
export function stagedRecord(record: ReadRecord): StagedRecord {
  const { kind, key, state, hash, form, content, remoteId, remoteVersion, facts } = record;
  const { practitioner, organization, partOf, identifiers, name, profession, codes, commune, position } =
    facts;
  return {
    kind,
    key: shortKey(key),
    state,
    hash: hash.length === 16 ? hash : hash.subarray(0, 16),
    form,
    content,
    practitioner: linkOf(practitioner),
    organization: linkOf(organization),
    part_of: linkOf(partOf),
    remote_id: remoteId ?? null,
    remote_version: remoteVersion ?? null,
    identifiers: identifiers?.length ? identifiers.map(shortKey) : null,
    name: name ?? null,
    profession: profession ?? null,
    codes: codes?.length ? [...codes] : null,
    commune: commune ?? null,
    lat: position?.lat ?? null,
    lon: position?.lon ?? null,
  };
}

/** A record that is only named, as it is staged: deleted, or there and not to be read. */
export function stagedName(named: NamedRecord, state: 'removed' | 'unread'): StagedRecord {
  const key = 'key' in named ? shortKey(named.key) : `?${named.remote}`;
  return { ...nothing, kind: named.kind, key, state };
}

const nothing = {
  ...{
    hash: Buffer.alloc(0),
    form: '',
    content: null,
    practitioner: null,
    organization: null,
    part_of: null,
  },
  ...{ remote_id: null, remote_version: null, identifiers: null, name: null, profession: null, codes: null },
  ...{ commune: null, lat: null, lon: null },
};

function linkOf(link: Link | undefined): string | null {
  if (link === undefined) return null;
  return 'key' in link ? shortKey(link.key) : `?${link.remote}`;
}
