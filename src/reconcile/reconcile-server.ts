import { nameOf } from '../change/states.ts';
import type { ServerConfig } from '../config.ts';
import { asGatewayError } from '../fhir/outcome.ts';
import { errorFields } from '../log.ts';
import type { Drift, ReconcileResult } from '../operations.ts';
import type { Repositories } from '../store/store.ts';
import { compareServer } from './compare-server.ts';
import { heldAt } from './held.ts';
import { noteFindings } from './note-findings.ts';
import { enqueueRepair } from './repair.ts';
import { twinsAt } from './twins.ts';
import type { Difference, Held, ReconcileParts } from './types.ts';

export type ServerOutcome = { server: ReconcileResult['servers'][number]; drift: Drift[] };

/** One server of a run: compared, noted and, when asked for, repair enqueued. An unreachable one is told, not thrown. */
export async function reconcileServer(
  parts: ReconcileParts,
  at: { tenant: string; runId: string; repair: boolean },
  config: ServerConfig,
): Promise<ServerOutcome> {
  const { tenant, runId } = at;
  const { store, clock, log } = parts;
  const { held, addresses, onItsWay } = await heldAt(store, tenant, config.id);
  const server = parts.servers.get(config.id)!;
  try {
    const comparison = await compareServer(server, held, addresses);
    const differences = await stillTrue(parts, tenant, config.id, comparison.differences);
    const twins = await twinsAt(server, held);
    const drift = [...differences, ...twins].map((one) => one.drift);
    await store.transaction(async (tx) => {
      await tx.references.put(
        comparison.renewed.map(({ held: { reference }, ...now }) => ({ ...reference, ...now })),
      );
      const now = new Date(clock.now());
      const overtaken = comparison.differences.filter((one) => !differences.includes(one));
      const unjudged = [...onItsWay, ...overtaken.map((one) => nameOf(one.held.deployed))];
      await noteFindings(tx, { tenant, serverId: config.id, runId, now }, drift, unjudged);
      if (!at.repair) return;
      const ours = await withoutTolerated(tx, tenant, config.id, differences);
      if (ours.length) await enqueueRepair(tx, clock, { tenant, runId, config }, ours, held);
    });
    return { server: { server: config.id, checked: held.length, method: comparison.method }, drift };
  } catch (error) {
    const known = asGatewayError(error);
    if (known.category === 'fault')
      log.error('reconcile.fault', { server: config.id, ...errorFields(error) });
    return { server: { server: config.id, checked: 0, method: 'none', error: known.message }, drift: [] };
  }
}

/** What a person decided to leave as it is at the hospital is not put back. */
async function withoutTolerated(
  tx: Pick<Repositories, 'findings'>,
  tenant: string,
  serverId: string,
  differences: readonly Difference[],
): Promise<Difference[]> {
  const tolerated = await tx.findings.list(tenant, { serverId, state: 'tolerated' });
  const names = new Set(tolerated.map((one) => `${nameOf(one)} ${one.kind}`));
  return differences.filter(({ drift }) => !names.has(`${nameOf(drift)} ${drift.kind}`));
}

/** A reading of many resources is not a snapshot: what we wrote meanwhile is judged in the next run. */
async function stillTrue(
  { store }: Pick<ReconcileParts, 'store'>,
  tenant: string,
  serverId: string,
  differences: readonly Difference[],
): Promise<Difference[]> {
  if (differences.length === 0) return [];
  const { held } = await heldAt(store, tenant, serverId);
  const state = ({ deployed, reference }: Held): string =>
    [nameOf(deployed), deployed.hash, reference.localId, reference.versionId].join(' ');
  const now = new Set(held.map(state));
  return differences.filter((one) => now.has(state(one.held)));
}
