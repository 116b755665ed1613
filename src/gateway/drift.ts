/** What the servers say now of what we deployed, told apart from what the networks want: the third state of a plan. */
import { bodyForm } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { shown } from '../change/readable.ts';
import { threeWay } from '../change/three-way.ts';
import type { ValueChange } from '../change/fields.ts';
import { asGatewayError } from '../fhir/outcome.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import type { DriftedResource, FieldChange, Plan, PlanArguments } from '../operations.ts';
import { displayName } from '../publish/server-plan.ts';
import type { MappedNetwork } from '../publish/types.ts';
import { needers } from '../publish/needers.ts';
import { wantedBodies } from '../publish/wanted-bodies.ts';
import { type Actual, actualDifferences } from '../reconcile/actual.ts';
import type { Parts } from './parts.ts';

/** The plan with what somebody else changed at each server. One that does not answer is told as an issue. */
export async function withDrift(
  parts: Parts,
  tenant: string,
  networks: readonly MappedNetwork[],
  { network }: PlanArguments,
  plan: Plan,
): Promise<Plan> {
  const servers = plan.servers.map(async (server) => {
    try {
      const found = await actualDifferences(parts, tenant, server.server);
      const meant = found.filter(
        ({ deployed }) => network === undefined || needers(deployed, tenant).includes(network),
      );
      const config = parts.serverConfigs.find(({ id }) => id === server.server)!;
      const wanted = await wantedBodies(
        parts.store,
        tenant,
        config,
        networks,
        meant.map((one) => one.deployed),
      );
      const drift = meant.map((one) => drifted(one, tenant, wanted.get(nameOf(one.deployed))));
      return { ...server, drift };
    } catch (error) {
      const { message } = asGatewayError(error);
      const issue: Issue = { severity: 'error', code: 'transient', rule: 'refresh', message };
      return { ...server, issues: [...server.issues, issue] };
    }
  });
  return { ...plan, servers: await Promise.all(servers) };
}

function drifted(
  { deployed, kind, actual }: Actual,
  tenant: string,
  wanted: Json | undefined,
): DriftedResource {
  const { type, key, body } = deployed;
  const base = bodyForm(body) as unknown as Json;
  const moved = actual
    ? threeWay(wanted ?? base, base, actual as unknown as Json)
    : { ours: [], theirs: [], agreed: [], conflicts: [] };
  return {
    ...{ type, key, name: displayName({ body, key }), network: needers(deployed, tenant)[0] ?? '', kind },
    ...{ theirs: moved.theirs.map(told), ours: moved.ours.map(told) },
    conflicts: moved.conflicts.map(({ path, before, desired, actual: there }) => ({
      ...{ path, before: shown(before), after: shown(desired), actual: shown(there) },
    })),
  };
}

function told({ path, before, after }: ValueChange): FieldChange {
  return { path, before: shown(before), after: shown(after) };
}
