import { nameOf } from '../change/states.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import type { WriteEntry } from '../delivery/types.ts';
import { contentHash } from '../fhir/normal.ts';
import type { Plan, PlanArguments } from '../operations.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { Repositories } from '../store/store.ts';
import { brakeIssue } from './brake.ts';
import { merged, networksAt } from './desired-state.ts';
import { publishKind } from './effect.ts';
import { inDoubt } from './in-doubt.ts';
import { type Lookup, lookUp } from './lookups.ts';
import { serverPlan } from './server-plan.ts';
import { type ServerWork, serverWork } from './server-work.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** A plan with all that carrying it out needs. */
export type PreparedPlan = { plan: Plan; servers: { serverId: string; work: ServerWork }[] };

/** What servers have themselves, asked before any transaction begins. */
export async function lookUpAll(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  args: PlanArguments,
): Promise<Map<string, Lookup>> {
  const configs = parts.serverConfigs.filter(({ id }) => args.server === undefined || id === args.server);
  const lookups = await Promise.all(
    configs.map(async (config) => {
      const lookup = await lookUp(parts, tenant, config, networks, args.refresh ?? false);
      return [config.id, lookup] as const;
    }),
  );
  return new Map(lookups);
}

/** Compares what the networks say with what is deployed at each server that was looked at. */
export async function prepare(
  store: Pick<Repositories, 'deployed' | 'references' | 'outbox'>,
  { serverConfigs, clock }: Pick<PublishParts, 'serverConfigs' | 'clock'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  lookups: ReadonlyMap<string, Lookup>,
  args: PlanArguments,
): Promise<PreparedPlan> {
  const at = new Date(clock.now()).toISOString();
  const plan: Plan = {
    ...{ id: '', at, servers: [], issues: [] },
    networks: networks.map(({ id, kind, name }) => ({ id, kind, name })),
  };
  const servers: PreparedPlan['servers'] = [];
  for (const config of serverConfigs.filter(({ id }) => lookups.has(id))) {
    const { wanted, issues } = merged(networksAt(config, networks));
    const open = await store.outbox.open(tenant, {
      ...{ serverId: config.id, lane: 'publication', kind: publishKind },
    });
    const pending = namesOf(open);
    const deployed = await store.deployed.list(visibleTenants(tenant), config.id);
    const work = serverWork({
      ...{ tenant, serverId: config.id, wanted, today: args.at ?? at.slice(0, 10), deployed },
      inDoubt: inDoubt(open, deployed, { tenant, serverId: config.id }),
      references: await store.references.list(visibleTenants(tenant), config.id),
      lookup: lookups.get(config.id)!,
      concerns: (name, of) => !args.network || of.includes(args.network) || pending.has(name),
    });
    work.issues.push(...issues, ...brakeIssue(work));
    servers.push({ serverId: config.id, work });
    plan.servers.push(serverPlan(config.id, work, networks));
  }
  plan.id = contentHash(servers.map(groundOf)).slice(0, 16);
  return { plan, servers };
}

/** Resources of items not sent yet: a new run sets those items aside, so it must cover what they held. */
function namesOf(open: readonly OpenItem[]): Set<string> {
  return new Set(open.flatMap((item) => (item.payload.entries as unknown as WriteEntry[]).map(nameOf)));
}

/** Two plans with one id would do the same. */
function groundOf({ serverId, work }: PreparedPlan['servers'][number]): unknown {
  const changes = work.work.map(({ op, resource, before }) => [
    op,
    nameOf(resource),
    resource.hash,
    before?.hash ?? null,
  ]);
  return [serverId, changes, work.blocked.map(({ resource }) => nameOf(resource)).sort()];
}
