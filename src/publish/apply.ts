import type { ApplyResult, ApplyArguments as Wished } from '../operations.ts';
import { type Accepting, carryOut, type Scope } from './carry-out.ts';
import { heldNetworks, withHolds } from './holds.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

export type { Scope } from './carry-out.ts';

export type ApplyArguments = Wished & {
  /** How long to wait for the servers; what is not written by then goes on by itself. Default one minute. */
  waitMs?: number;
} & Accepting;

/**
 * Carries the plan out: desired state, run, changes and outbox items in one transaction, then waits for the servers.
 * `networks` are all networks of the tenant. Throws `unprocessable` when a large change is not confirmed, `conflict`
 * when the ground of an expected plan moved.
 */
export async function apply(
  parts: PublishParts,
  scope: Scope,
  networks: readonly MappedNetwork[],
  args: ApplyArguments = {},
): Promise<ApplyResult> {
  const {
    networks: all,
    held,
    released,
    holds,
  } = await withHolds(parts.store, scope.tenant, networks, args.release);
  const result = await carryOut(parts, scope, all, args, {
    kind: 'apply',
    read: { holds },
    save: (tx) => tx.holds.release(scope.tenant, released),
  });
  return { ...result, plan: { ...result.plan, held: await heldNetworks(parts, scope.tenant, held) } };
}
