/** Putting ours back through the outbox: what was changed, under the version just read; what is gone, at its id. */
import { inLinkOrder, inParts } from '../change/link-order.ts';
import { keyLinks } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { enqueue, maxEntries } from '../delivery/enqueue.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { Effect, NewItem, WriteEntry } from '../delivery/types.ts';
import type { Repositories } from '../store/store.ts';
import type { Difference, Held } from './types.ts';

/** Kind of the items that put ours back. */
export const repairKind = 'repair';

/** Kinds of drift that putting ours back ends; a twin is for a person. */
export const repairable = ['changed', 'deleted', 'missing'] as const;

/** What was put back is a finding no more. */
export function repairEffect(): Effect {
  return async (tx, item) => {
    for (const { type, key } of item.entries)
      await tx.findings.markRepaired(item.tenant, { serverId: item.serverId, type, key }, repairable);
  };
}

/**
 * Enqueues the repair of `differences` at one server, in place of an earlier one that was not sent. Where the server
 * gives ids itself, what is gone comes back under another id, so what points to it is written again too.
 */
export async function enqueueRepair(
  tx: Repositories,
  clock: Clock,
  at: { tenant: string; runId: string; config: Pick<ServerConfig, 'id' | 'ids'> },
  differences: readonly Difference[],
  held: readonly Held[],
): Promise<void> {
  const { tenant, runId, config } = at;
  const filter = { serverId: config.id, lane: 'publication', kind: repairKind } as const;
  await tx.outbox.supersede(tenant, filter, new Date(clock.now()));
  const gone = differences.filter(({ actual }) => actual === undefined);
  const entries = [
    ...differences.map(entryOf),
    ...(config.ids === 'server' ? pointingTo(gone, differences, held) : []),
  ];
  const items = inParts(inLinkOrder(entries), maxEntries).map((part): NewItem => ({
    ...{ tenant, lane: 'publication', serverId: config.id, subject: 'repair', kind: repairKind, runId },
    entries: part,
  }));
  await enqueue(tx, items, clock);
}

function entryOf({ held, actual }: Difference): WriteEntry {
  return {
    ...bare(held),
    ...(actual?.versionId === undefined ? {} : { ifMatch: actual.versionId }),
    ...(actual ? { mayHold: [actual.hash] } : { recreate: true as const }),
  };
}

/** What is at the server unchanged, but points to an id that is no more. */
function pointingTo(
  gone: readonly Difference[],
  differences: readonly Difference[],
  held: readonly Held[],
): WriteEntry[] {
  const lost = new Set(gone.map((one) => nameOf(one.held.deployed)));
  const done = new Set(differences.map((one) => nameOf(one.held.deployed)));
  return held
    .filter(({ deployed }) => !done.has(nameOf(deployed)))
    .filter(({ deployed }) => keyLinks(deployed.body).some((link) => lost.has(nameOf(link))))
    .map(bare);
}

function bare({ deployed }: Held): WriteEntry {
  const { type, key, body, tenant } = deployed;
  return { type, key, body, ...(tenant === sharedTenant ? { shared: true as const } : {}) };
}
