/** What became of the Task, written on the placer's own Task where the placer's server keeps it (REF-07). */
import type { NewItem, Prepare } from '../delivery/types.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import type { ReferralContext } from './context.ts';
import { isEnded, isTaskState } from './machine.ts';
import { partKey } from './names.ts';

/** Kind of the items that write the placer's Task at its server. */
export const tellKind = 'tell-placer';

export type TellParts = Pick<ReferralContext, 'store' | 'clock'> & {
  connect: (serverId: string) => FhirServer;
};

/** Queues an item when the placer's Task says something else than ours; one at a time for a referral. */
export async function tellIfMoved(parts: TellParts, { tenant, id }: Referral): Promise<void> {
  const { store, clock } = parts;
  const referral = (await store.referrals.get(tenant, id))!;
  const there = await taskThere(parts, referral);
  const own = await store.clinical.get(tenant, 'Task', referral.taskId);
  if (!there || !own || !differs(there.resource, own)) return;
  await store.transaction(async (tx) => {
    await tx.referrals.lock(tenant, id);
    await queueTell(tx, referral, new Date(clock.now()));
  });
}

/** Queues one where the placer's server keeps a Task of its own, unless one waits to be made. Hold the referral's lock. */
export async function queueTell(tx: Repositories, referral: Referral, now: Date): Promise<void> {
  const { tenant, id, placerServer } = referral;
  if (placerServer === null) return;
  const rows = await tx.references.find([tenant], placerServer, [partKey(id, 'placer-task')]);
  if (rows.length === 0) return;
  const open = await tx.outbox.open(tenant, { referralId: id, kind: tellKind });
  // One on its way may say what was before; the next one is made once that has arrived.
  if (open.every(({ state }) => state === 'sending'))
    await enqueue(tx, [tellItem(referral)], { now: () => now.getTime() });
}

/** Its body is made when it is sent, from both Tasks as they are then. */
function tellItem({ tenant, id, placerServer }: Referral): NewItem {
  return {
    ...{ tenant, lane: 'clinical', serverId: placerServer!, subject: `${id}/placer`, referralId: id },
    kind: tellKind,
    entries: [{ type: 'Task', key: partKey(id, 'placer-task'), body: { resourceType: 'Task' } }],
  };
}

/** Status, reasons and outcome of ours on theirs, under its version; nothing when it says so already or has ended. */
export function prepareTell(parts: TellParts): Prepare {
  return async ({ tenant, referralId }) => {
    const referral = (await parts.store.referrals.get(tenant, referralId!))!;
    const there = await taskThere(parts, referral);
    const own = await parts.store.clinical.get(tenant, 'Task', referral.taskId);
    if (!there || !own || !differs(there.resource, own)) return [];
    const { id: _id, meta, ...content } = there.resource;
    const { versionId: _version, lastUpdated: _at, ...kept } = meta ?? {};
    const { statusReason: _reason, businessStatus: _status, output: _output, ...rest } = content;
    const body = {
      ...rest,
      ...(Object.keys(kept).length ? { meta: kept } : {}),
      ...told(own),
    } as AnyResource;
    const key = partKey(referral.id, 'placer-task');
    return [{ type: 'Task', key, body, ...(there.versionId ? { ifMatch: there.versionId } : {}) }];
  };
}

async function taskThere(
  { store, connect }: { store: Store; connect: (serverId: string) => FhirServer },
  { tenant, id, placerServer }: Referral,
): Promise<{ resource: AnyResource; versionId: string | undefined } | undefined> {
  if (placerServer === null) return undefined;
  const [row] = await store.references.find([tenant], placerServer, [partKey(id, 'placer-task')]);
  const result = row && (await connect(placerServer).read('Task', row.localId));
  return result?.state === 'found' ? result : undefined;
}

/** A Task that the placer ended is the placer's word: it is not overwritten. */
function differs(theirs: AnyResource, own: AnyResource): boolean {
  const { status } = theirs;
  if (isTaskState(status) && isEnded(status)) return false;
  return contentHash(told(theirs, String(status))) !== contentHash(told(own));
}

/** What passes from one Task to the other; accepted by the gateway is received, as the placer sees it (REF-02). */
function told(
  task: AnyResource,
  status = task['status'] === 'requested' ? 'received' : task['status'],
): object {
  const { statusReason, businessStatus, output } = task;
  return {
    status,
    ...(statusReason ? { statusReason } : {}),
    ...(businessStatus ? { businessStatus } : {}),
    ...(output ? { output } : {}),
  };
}
