/** Roll back: the networks concerned say again what they said before a run, and are published like anything else. */
import { GatewayError } from '../fhir/error.ts';
import type { ApplyResult, Plan, RollbackArguments } from '../operations.ts';
import { publishing } from './begin.ts';
import { type Accepting, carryOut, type Scope } from './carry-out.ts';
import { earlierState } from './earlier-state.ts';
import { findRun } from './find-run.ts';
import { heldNetworks, withHolds } from './holds.ts';
import { type Asked, lookAll, prepare } from './prepare.ts';
import { withBodies } from './stated.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** What a roll back would change now; writes nothing. */
export async function planRollback(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  args: RollbackArguments,
): Promise<Plan> {
  const back = await wayBack(parts, tenant, networks, args);
  const looked = await lookAll(parts, tenant, back.networks, back.asked, back.read);
  return (await prepare(parts, tenant, back.networks, looked, back.asked)).plan;
}

/**
 * Restores the active content of what we own at the servers as it was before a run: changed content returns, what was
 * closed is in use again, what was created since is closed, what was adopted since is given back. The networks
 * concerned are held in that state until their files change; `reread` tells what these say, when `networks` stand for what
 * was published. Throws as `apply` does, and `not-found`.
 */
export async function rollback(
  parts: PublishParts,
  scope: Scope,
  networks: readonly MappedNetwork[],
  args: RollbackArguments & Accepting & { waitMs?: number; reread?: () => Promise<readonly MappedNetwork[]> },
): Promise<ApplyResult> {
  const { tenant } = scope;
  const back = await wayBack(parts, tenant, networks, args);
  const { accept, confirm, waitMs } = args;
  const asked = {
    ...back.asked,
    ...(accept === undefined ? {} : { accept }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
  const result = await carryOut(parts, scope, back.networks, asked, {
    kind: 'rollback',
    read: back.read,
    async save(tx, runId, heldAt) {
      await tx.holds.release(tenant, back.released);
      const holds = back.concerned.map((networkId) => {
        const sourceHash = networks.find(({ id }) => id === networkId)?.sourceHash ?? null;
        return { networkId, runId, beforeRun: back.run, sourceHash, heldAt };
      });
      await tx.holds.keep(tenant, holds);
      for await (const page of withBodies(tx, tenant, back.resources)) await tx.holds.add(tenant, page);
    },
  });
  const { held } = await withHolds(parts.store, tenant, (await args.reread?.()) ?? networks);
  return { ...result, plan: { ...result.plan, held: await heldNetworks(parts, tenant, held) } };
}

async function wayBack(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  { run: id, after = false, server, adopt }: RollbackArguments,
) {
  const { store, serverConfigs } = parts;
  const run = await findRun(store, tenant, id);
  if (run.kind !== 'apply' && run.kind !== 'rollback') throw refused('Ce passage n’a rien publié.');
  const last = await store.runs.latest(tenant, publishing); // before all that depends on it
  const all = serverConfigs.map((config) => config.id);
  const servers = all.filter((one) => server === undefined || one === server);
  const state = await earlierState(store, tenant, run, { after, servers, all });
  const concerned = [...state.networks].sort();
  if (concerned.length === 0)
    throw refused('Rien à défaire : les serveurs montrent déjà cet état (« passerelle history »).');
  const { networks: others, released, holds } = await withHolds(store, tenant, networks, concerned);
  const known = new Map((await store.networks.list(tenant)).map((network) => [network.id, network]));
  const stated = Map.groupBy(state.resources, ({ networkId, serverId }) => `${networkId} ${serverId}`);
  const back = concerned.map((networkId): MappedNetwork => {
    const file = networks.find((network) => network.id === networkId);
    const stored = known.get(networkId);
    const { kind = '', name = networkId, sourceHash = '' } = file ?? stored ?? {};
    const at = new Map(all.map((one) => [one, stated.get(`${networkId} ${one}`) ?? []]));
    return { id: networkId, kind, name, source: '', sourceFile: '', sourceHash, resources: [], at };
  });
  const asked: Asked = {
    ...{ concerned, releases: state.releases },
    ...(server === undefined ? {} : { server }),
    ...(adopt === undefined ? {} : { adopt }),
  };
  return {
    read: { holds, run: last },
    ...{ run: run.id, concerned, released, resources: state.resources, asked },
    networks: [...others.filter((network) => !state.networks.has(network.id)), ...back],
  };
}

function refused(message: string): GatewayError {
  return new GatewayError({ category: 'unprocessable', side: 'sender', message });
}
