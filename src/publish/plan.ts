import type { Plan } from '../operations.ts';
import { heldNetworks, withHolds } from './holds.ts';
import { type Asked, lookAll, prepare } from './prepare.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** What applying would do now, at each server; writes nothing anywhere. `networks` are all networks of the tenant. */
export async function plan(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  args: Asked = {},
): Promise<Plan> {
  const holds = await withHolds(parts.store, tenant, networks, args.release);
  const looked = await lookAll(parts, tenant, holds.networks, args, holds);
  const { plan: planned } = await prepare(parts, tenant, holds.networks, looked, args);
  return { ...planned, held: await heldNetworks(parts, tenant, holds.held) };
}
