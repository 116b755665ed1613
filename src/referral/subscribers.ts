/**
 * Clients that are told when a referral of theirs changes. What is to be told is queued in the transaction of the change,
 * whoever causes it, and sent as everything else is: retried, in order, told where it waits.
 */
import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../config.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import { partKey } from './names.ts';

/** Kind of the items that notify. */
export const notifyKind = 'notify-subscriber';

/** What items for a client name as their server. */
export function subscriberId(client: string): string {
  return `notify/${client}`;
}

/** The store, seen so that every change of a referral's own Task is told to whoever takes part in it. */
export function tellingStore(store: Store, clients: readonly ClientConfig[], clock: Clock): Store {
  const subscribers = clients.filter(({ notify }) => notify !== undefined);
  if (subscribers.length === 0) return store;
  const transaction: Store['transaction'] = (work) =>
    store.transaction((tx) => {
      const clinical: Repositories['clinical'] = {
        ...tx.clinical,
        async put(tenant, resource, at, expected) {
          const stored = await tx.clinical.put(tenant, resource, at, expected);
          if (resource.resourceType === 'Task') await tell(tx, tenant, resource, at);
          return stored;
        },
        async create(tenant, resources, at) {
          await tx.clinical.create(tenant, resources, at);
          for (const one of resources) if (one.resourceType === 'Task') await tell(tx, tenant, one, at);
        },
      };
      return work({ ...tx, clinical });
    });
  return { ...store, transaction };

  async function tell(tx: Repositories, tenant: string, { id }: AnyResource, at: Date): Promise<void> {
    const referral = await tx.referrals.byResource(tenant, 'task_id', id!);
    if (!referral) return;
    for (const { id: client } of subscribers.filter((one) => takesPart(one, referral))) {
      const event = await tx.subscribers.next(tenant, client);
      const key = partKey(referral.id, `notification/${client}/${event}`);
      const detail = { client, event, task: id!, at: at.toISOString() };
      const serverId = subscriberId(client);
      await enqueue(
        tx,
        [
          {
            ...{
              tenant,
              lane: 'clinical',
              serverId,
              subject: serverId,
              referralId: referral.id,
              kind: notifyKind,
            },
            entries: [{ type: 'Task', key, body: { resourceType: 'Task' } }],
            detail: detail,
          },
        ],
        clock,
      );
    }
  }
}

/** The placer, and whoever has it: as far as each may read the Task (served.ts). */
function takesPart({ id, tenant, server }: ClientConfig, referral: Referral): boolean {
  if (tenant !== referral.tenant) return false;
  const sides = [referral.placerServer, referral.fulfillerServer];
  return id === referral.placerClient || (server !== undefined && sides.includes(server));
}
