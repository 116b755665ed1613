/** Which versions servers have of what a plan touches: part of the ground of a saved plan. */
import { nameOf } from '../change/states.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import { isGatewayError } from '../fhir/error.ts';
import type { Plan, PlanGround } from '../operations.ts';
import type { PublishParts } from './types.ts';

type Parts = Pick<PublishParts, 'servers' | 'store'>;

/** The plan with the versions of all that it changes; a server that does not answer has none, and is told in the plan. */
export async function withVersions(parts: Parts, tenant: string, plan: Plan): Promise<Plan> {
  const asked: PlanGround['servers'] = {};
  for (const { server, changes } of plan.servers) {
    const there = changes.filter(({ op }) => op === 'update' || op === 'close' || op === 'release');
    const names = there.map((change) => [nameOf(change), ''] as const);
    asked[server] = { ...plan.ground.servers[server]!, versions: Object.fromEntries(names) };
  }
  const versions = await versionsAt(parts, tenant, asked);
  const servers = Object.entries(plan.ground.servers).map(([id, server]) => {
    const known = Object.entries(versions[id] ?? {}).filter(([, version]) => version !== '');
    return [id, { ...server, versions: Object.fromEntries(known) }] as const;
  });
  return { ...plan, ground: { ...plan.ground, servers: Object.fromEntries(servers) } };
}

/**
 * The versions now of the resources named in `known`, by server. A server that cannot be asked keeps what was known:
 * its writes go under If-Match, so what moved there is not overwritten anyway.
 */
export async function versionsAt(
  { servers, store }: Parts,
  tenant: string,
  known: PlanGround['servers'],
): Promise<Record<string, Record<string, string>>> {
  const entries = Object.entries(known).map(async ([serverId, { versions }]) => {
    const server = servers.get(serverId);
    const names = Object.keys(versions);
    if (!server || names.length === 0) return [serverId, versions] as const;
    const keys = names.map((name) => name.slice(name.indexOf(' ') + 1));
    const rows = (await store.references.find(visibleTenants(tenant), serverId, keys)).filter((row) =>
      names.includes(nameOf(row)),
    );
    try {
      const read = await server.readMany(rows.map(({ type, localId: id }) => ({ type, id })));
      const now = rows.map((row, index) => {
        const found = read[index]!;
        return [nameOf(row), found.state === 'found' ? (found.versionId ?? '-') : found.state] as const;
      });
      return [serverId, Object.fromEntries(now)] as const;
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      return [serverId, versions] as const;
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}
