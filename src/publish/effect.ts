import { nameOf } from '../change/states.ts';
import { bodyHash } from '../change/links.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { Effect } from '../delivery/types.ts';
import type { Clock } from '../clock.ts';
import type { DeployedResource } from '../store/deployed.ts';
import { neededByOthers } from './needers.ts';

/** What an item of publication says of each of its resources, by name (`Type key`). */
export type PublishDetail = {
  states: Record<string, PublishState>;
};

/** `released`: adopted once and given back, ours no more. */
export type PublishState = Pick<DeployedResource, 'class' | 'active' | 'networks'> & { released?: true };

/** Kind of the items that carry out a plan. */
export const publishKind = 'publish';

/** What was written becomes the deployed state, with its run and its owner. */
export function publishEffect(clock: Clock): Effect {
  return async (tx, item) => {
    const { states } = item.detail as unknown as PublishDetail;
    for (const entry of item.entries) {
      const state = states[nameOf(entry)];
      if (!state) continue;
      const tenant = entry.shared ? sharedTenant : item.tenant;
      const at = { tenant, serverId: item.serverId, type: entry.type, key: entry.key };
      const before = await tx.deployed.lock(at);
      if (state.released) {
        await tx.deployed.forget(at);
        await tx.references.forget(at);
        continue;
      }
      const networks = neededByOthers(before ?? { tenant, networks: [] }, item.tenant, state.networks);
      await tx.deployed.put([
        {
          ...{
            ...at,
            class: state.class,
            active: state.active,
            body: entry.body,
            hash: bodyHash(entry.body),
          },
          ...{ networks, runId: item.runId ?? '', deployedAt: new Date(clock.now()) },
        },
      ]);
    }
  };
}
