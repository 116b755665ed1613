import type { ServerConfig } from '../config.ts';
import type { Addresses } from './addresses.ts';
import { sharedTenant } from './shared-tenant.ts';
import type { ClaimedItem, Lane, WriteEntry } from './types.ts';

/** Chooses the id of a resource at servers that take ours. */
export type LocalId = (lane: Lane, serverId: string, type: string, key: string) => string;

/** One entry with where it goes. */
export type Target = {
  entry: WriteEntry;
  /** Whose reference row it is. */
  tenant: string;
  /** Undefined: the server will choose. */
  localId: string | undefined;
  /** Version the server should have; undefined: the resource should not exist, or the server keeps no versions. */
  version: string | undefined;
  /** True when it was known at the server before. */
  known: boolean;
  /** False: it was the server's own before us. */
  ours: boolean;
};

/** Where the entries of an item go; ids that are ours to choose are learned at once. */
export function targetsOf(
  item: ClaimedItem,
  config: Pick<ServerConfig, 'id' | 'ids'>,
  addresses: Addresses,
  localId: LocalId,
): Target[] {
  return item.entries.map((entry) => {
    const { adopts } = entry;
    const row = addresses.row(entry.type, entry.key);
    const chosen = config.ids === 'client' ? localId(item.lane, config.id, entry.type, entry.key) : undefined;
    const id = adopts?.localId ?? (entry.recreate ? undefined : row?.localId) ?? chosen;
    if (id === undefined) addresses.forget(entry.type, entry.key);
    else addresses.learn(entry.type, entry.key, id);
    return {
      entry,
      tenant: entry.shared ? sharedTenant : item.tenant,
      localId: id,
      version: entry.recreate
        ? undefined
        : ((adopts ?? { versionId: entry.ifMatch ?? row?.versionId }).versionId ?? undefined),
      known: adopts !== undefined || row !== undefined,
      ours: adopts !== undefined || (row?.ours ?? true),
    };
  });
}
