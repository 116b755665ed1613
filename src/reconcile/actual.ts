import type { AnyResource } from '../fhir/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import { compareServer } from './compare-server.ts';
import { heldAt } from './held.ts';
import type { ReconcileParts } from './types.ts';

/** A deployed resource that is otherwise at its server, in normal form there; undefined when it is gone. */
export type Actual = {
  deployed: DeployedResource;
  kind: 'changed' | 'deleted' | 'missing';
  actual: AnyResource | undefined;
};

/**
 * What is at a server and what we deployed there, where they differ; what is on its way is not judged. Notes nothing.
 * Throws the server's GatewayError.
 */
export async function actualDifferences(
  { store, servers }: Pick<ReconcileParts, 'store' | 'servers'>,
  tenant: string,
  serverId: string,
): Promise<Actual[]> {
  const { held, addresses } = await heldAt(store, tenant, serverId);
  const { differences } = await compareServer(servers.get(serverId)!, held, addresses);
  return differences.flatMap(({ held: { deployed }, drift: { kind }, actual }) =>
    kind === 'twin' ? [] : [{ deployed, kind, actual: actual?.form }],
  );
}
