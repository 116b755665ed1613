/** One server's part of a run, into the store: who needs what, what changes, and the items that write it. */
import { inLinkOrder, inParts } from '../change/link-order.ts';
import { nameOf } from '../change/states.ts';
import { enqueue, maxEntries } from '../delivery/enqueue.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { ChangeState, RunChange } from '../store/runs.ts';
import type { Repositories } from '../store/store.ts';
import { type PublishDetail, publishKind } from './effect.ts';
import { hashesLeft } from './in-doubt.ts';
import { neededByOthers } from './needers.ts';
import type { NeedersNow, ServerWork, Work } from './server-work.ts';
import type { PublishParts } from './types.ts';

/** Kinds of the runs that publish. */
export const publishing = ['apply', 'rollback'] as const;

type At = { tenant: string; run: string; serverId: string };

/** Stores what `work` means; in the transaction of the run. */
export async function begin(
  tx: Repositories,
  { clock }: Pick<PublishParts, 'clock'>,
  { tenant, run, serverId }: At,
  { work, found, stale, needers }: ServerWork,
): Promise<void> {
  for (const reference of stale) await tx.references.forget(reference);
  await tx.references.put(found);
  await tx.deployed.setNeeders(tenant, needers);
  const changes = [...work.map((one) => changeOf(one, tenant)), ...needers.map(keepOf)];
  await tx.runs.addChanges(
    tenant,
    run,
    changes.map((change) => ({ serverId, ...change })),
  );
  const filter = { serverId, lane: 'publication', kind: publishKind } as const;
  const earlier = await tx.outbox.supersede(tenant, filter, new Date(clock.now()));
  const left = hashesLeftBy(earlier);
  const byName = new Map(work.map((one) => [nameOf(one.resource), one]));
  const groups = inLinkOrder(work.map(({ resource }) => resource));
  const items = inParts(groups, maxEntries).map((part): NewItem => {
    const some = part.map((resource) => byName.get(nameOf(resource))!);
    return {
      ...{ tenant, lane: 'publication', serverId, subject: 'publication', kind: publishKind, runId: run },
      entries: some.map((one) => entryOf(one, left.get(nameOf(one.resource)) ?? [])),
      detail: detailOf(some),
    };
  });
  await enqueue(tx, items, clock);
}

type Change = Omit<RunChange, 'serverId'>;

function changeOf({ op, resource, before, active, adopts }: Work, tenant: string): Change {
  const owner = resource.class === 'directory-copy' ? sharedTenant : tenant;
  const networks = neededByOthers(before ?? { tenant: owner, networks: [] }, tenant, resource.networks);
  const now = {
    tenant: owner,
    class: adopts ? 'adopted' : (before?.class ?? resource.class),
    active,
  } as const;
  return {
    ...{ type: resource.type, key: resource.key, op, before: before?.body ?? null, after: resource.body },
    beforeState: before ? { ...stateOf(before), ...(adopts ? { class: 'foreign' as const } : {}) } : null,
    afterState: {
      ...now,
      networks: active ? networks : [],
      ...(op === 'release' ? { class: 'foreign' } : {}),
    },
  };
}

function keepOf(row: NeedersNow): Change {
  return {
    ...{ type: row.type, key: row.key, op: 'keep', before: null, after: null },
    beforeState: stateOf({ ...row, networks: row.before }),
    afterState: stateOf(row),
  };
}

function stateOf({ tenant, class: kind, active, networks }: ChangeState): ChangeState {
  return { tenant, class: kind, active, networks };
}

function entryOf(
  { resource, before, unsure, adopts, localId: at, lookFirst }: Work,
  left: readonly string[],
): WriteEntry {
  const { type, key, body } = resource;
  // What somebody typed is recognised by its version alone: it must never be closed as if it were ours.
  const mayHold = [...new Set([...(before && !adopts ? [before.hash] : []), ...left])];
  const { localId = at, versionId } = adopts ?? {};
  return {
    ...{ type, key, body },
    ...(resource.class === 'directory-copy' ? { shared: true as const } : {}),
    ...(mayHold.length ? { mayHold } : {}),
    ...(unsure ? { ifThere: true as const } : {}),
    ...(lookFirst ? { lookFirst } : {}),
    ...(localId === undefined
      ? {}
      : { adopts: { localId, ...(versionId === undefined ? {} : { versionId }) } }),
  };
}

/** An item that was tried and then set aside may have left its content at the server: that is no foreign change. */
function hashesLeftBy(items: readonly OpenItem[]): Map<string, string[]> {
  const left = new Map<string, string[]>();
  for (const item of items)
    for (const entry of item.payload.entries as unknown as WriteEntry[])
      left.set(nameOf(entry), [...(left.get(nameOf(entry)) ?? []), ...hashesLeft(item, entry)]);
  return left;
}

function detailOf(work: readonly Work[]): PublishDetail {
  return {
    states: Object.fromEntries(
      work.map(({ op, resource, before, active, adopts }) => {
        const networks = active ? resource.networks : [];
        const kind = adopts || before?.class === 'adopted' ? 'adopted' : resource.class;
        const released = op === 'release' ? { released: true as const } : {};
        return [nameOf(resource), { class: kind, active, networks, ...released }];
      }),
    ),
  };
}
