import type { Plan, PlanArguments } from '../operations.ts';
import { lookUpAll, prepare } from './prepare.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** What applying would do now, at each server; writes nothing anywhere. `networks` are all networks of the tenant. */
export async function plan(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  args: PlanArguments = {},
): Promise<Plan> {
  const lookups = await lookUpAll(parts, tenant, networks, args);
  return (await prepare(parts.store, parts, tenant, networks, lookups, args)).plan;
}
