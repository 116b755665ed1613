import { bodyHash } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { WriteEntry } from '../delivery/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { OpenItem } from '../store/outbox.ts';
import { neededByOthers } from './needers.ts';
import type { PublishDetail } from './effect.ts';
import type { ResourceName } from './types.ts';

/** `adopts`: it is somebody's own resource that we may have written over. */
export type DoubtfulResource = DeployedResource & { adopts?: NonNullable<WriteEntry['adopts']> };

/** What items that were tried and have no receipt may have left at a server. */
export type InDoubt = {
  /** Deployed resources that may say something else by now. */
  changed: Set<ResourceName>;
  /** What may be there though no deployed row says so, as if it had been written. */
  created: DoubtfulResource[];
};

/**
 * A new run sets open items aside, and nobody reads back what was set aside. So what they may have written is compared
 * as if they had: otherwise a resource whose answer was lost would stay at the hospital for ever, wanted by nobody.
 */
export function inDoubt(
  open: readonly OpenItem[],
  deployed: readonly DeployedResource[],
  { tenant, serverId }: { tenant: string; serverId: string },
): InDoubt {
  const rows = new Map(deployed.map((row) => [`${row.tenant} ${nameOf(row)}`, row]));
  const changed = new Set<ResourceName>();
  const created = new Map<ResourceName, DoubtfulResource>();
  for (const item of open) {
    const { states } = item.payload.detail as unknown as PublishDetail;
    for (const entry of item.payload.entries as unknown as WriteEntry[]) {
      const owner = entry.shared ? sharedTenant : tenant;
      const name = nameOf(entry);
      const row = rows.get(`${owner} ${name}`);
      const left = hashesLeft(item, entry).filter((hash) => hash !== row?.hash);
      if (left.length === 0) continue;
      if (row) changed.add(name);
      else
        created.set(name, {
          ...{ tenant: owner, serverId, type: entry.type, key: entry.key, active: true },
          ...{ class: states[name]?.class ?? 'owned', body: entry.body, hash: bodyHash(entry.body) },
          networks: neededByOthers({ tenant: owner, networks: [] }, tenant, states[name]?.networks ?? []),
          ...{ runId: item.runId ?? '', deployedAt: item.createdAt },
          ...(entry.adopts ? { adopts: entry.adopts } : {}),
        });
    }
  }
  return { changed, created: [...created.values()] };
}

/** Hashes that an open item, or one that it took the place of, may have left at the server. */
export function hashesLeft({ attempts }: OpenItem, { body, mayHold = [] }: WriteEntry): string[] {
  return attempts > 0 ? [bodyHash(body), ...mayHold] : mayHold;
}
