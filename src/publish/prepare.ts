import { nameOf } from '../change/states.ts';
import type { ServerConfig } from '../config.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Plan, PlanArguments, PlanGround } from '../operations.ts';
import type { Repositories } from '../store/store.ts';
import { brakeIssue } from './brake.ts';
import { type CompareArguments, compareAt, type Differences } from './compare.ts';
import { groundOf } from './ground.ts';
import { inDoubt } from './in-doubt.ts';
import { type Adoptable, type Lookup, lookUp } from './lookups.ts';
import { type ReadBefore, refuseOvertaken } from './overtaken.ts';
import { type Queued, queued } from './queued.ts';
import { serverPlan } from './server-plan.ts';
import { type ServerWork, serverWork } from './server-work.ts';
import type { MappedNetwork, PublishParts, ResourceName } from './types.ts';

/** A plan with all that carrying it out needs. */
export type PreparedPlan = { plan: Plan; servers: { serverId: string; work: ServerWork }[] };

/** What is asked of a plan, beside what people may ask for. */
export type Asked = PlanArguments & {
  /** Only what these networks want or need; absent: all, or that of `network`. */
  concerned?: readonly string[];
  /** By server: what was adopted and is given back, with its earlier version. */
  releases?: ReadonlyMap<string, ReadonlyMap<ResourceName, AnyResource>>;
};

/** What store and servers were found to be like before any run began. */
export type Looked = {
  ground: PlanGround;
  /** By server. */
  servers: ReadonlyMap<string, { differences: Differences; lookup: Lookup }>;
};

/**
 * Compares each server that is meant, all on one picture of the store, and then asks it for what it may have already.
 * Throws `conflict` when what was `read` before stands no more.
 */
export async function lookAll(
  parts: PublishParts,
  tenant: string,
  networks: readonly MappedNetwork[],
  args: Asked,
  read: ReadBefore,
): Promise<Looked> {
  const compared = await parts.store.snapshot(async (tx) => {
    await refuseOvertaken(tx, tenant, networks, read);
    const servers: { config: ServerConfig; differences: Differences }[] = [];
    for (const config of configsOf(parts, args)) {
      const differences = await compareAt(tx, tenant, config, networks, limits(args, config.id));
      servers.push({ config, differences });
    }
    return { ground: await groundOf(tx, parts, tenant, networks, dayOf(parts, args), args), servers };
  });
  const looked = await Promise.all(
    compared.servers.map(async ({ config, differences }) => {
      const lookup = await lookUp(parts, tenant, config, differences, args.refresh ?? false);
      return [config.id, { differences, lookup }] as const;
    }),
  );
  return { ground: compared.ground, servers: new Map(looked) };
}

/**
 * The plan from what was looked at. In a transaction `tx` the servers are compared once more, under its lock: what
 * was written meanwhile counts.
 */
export async function prepare(
  parts: Pick<PublishParts, 'serverConfigs' | 'clock' | 'brake'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  looked: Looked,
  args: Asked,
  tx?: Repositories,
): Promise<PreparedPlan> {
  const at = new Date(parts.clock.now()).toISOString();
  const today = dayOf(parts, args);
  const servers: PreparedPlan['servers'] = [];
  for (const config of configsOf(parts, args)) {
    const { differences: before, lookup } = looked.servers.get(config.id)!;
    const differences = tx ? await compareAt(tx, tenant, config, networks, limits(args, config.id)) : before;
    const pending = queued(differences.open);
    const work = serverWork({
      ...{ tenant, serverId: config.id, differences, lookup, today },
      inDoubt: inDoubt(differences.open, differences.deployed, { tenant, serverId: config.id }),
      mayAdopt: (one, match) =>
        confirmedBefore(pending.get(nameOf(one)), match) ||
        (args.adopt ?? []).some((key) => key === '*' || key === one.key),
      releases: args.releases?.get(config.id) ?? new Map(),
    });
    work.issues.push(...differences.issues, ...brakeIssue(work, parts.brake));
    servers.push({ serverId: config.id, work });
  }
  const plan: Plan = {
    ...{ id: contentHash(servers.map(deedsOf)).slice(0, 16), at },
    networks: networks.map(({ id, kind, name, sourceFile }) => ({ id, kind, name, file: sourceFile })),
    servers: servers.map(({ serverId, work }) => serverPlan(serverId, work, networks)),
    held: [],
    ground: tx ? await groundOf(tx, parts, tenant, networks, today, args) : looked.ground,
    issues: [],
  };
  return { plan, servers };
}

/** Confirmed by an earlier run that could not send it, for what still stands there and nothing else. */
function confirmedBefore(pending: Queued | undefined, { localId, versionId, hash }: Adoptable): boolean {
  const adopts = pending?.entry.adopts;
  if (adopts?.localId !== localId) return false;
  return adopts.versionId === versionId || pending!.left.includes(hash);
}

function dayOf({ clock }: Pick<PublishParts, 'clock'>, { at }: Asked): string {
  return at ?? new Date(clock.now()).toISOString().slice(0, 10);
}

function configsOf({ serverConfigs }: Pick<PublishParts, 'serverConfigs'>, args: Asked): ServerConfig[] {
  return serverConfigs.filter(({ id }) => args.server === undefined || id === args.server);
}

function limits({ concerned, network, refresh, releases }: Asked, serverId: string): CompareArguments {
  const only = concerned ?? (network === undefined ? undefined : [network]);
  const always = [...(releases?.get(serverId) ?? new Map<ResourceName, AnyResource>()).keys()];
  return { refresh: refresh ?? false, always, ...(only ? { concerned: only } : {}) };
}

/** Two plans with one id would do the same. */
function deedsOf({ serverId, work }: PreparedPlan['servers'][number]): unknown {
  const changes = work.work.map(({ op, resource, before }) => [
    op,
    nameOf(resource),
    resource.hash,
    before?.hash ?? null,
  ]);
  const names = (list: readonly { resource: { type: string; key: string } }[]) =>
    list.map(({ resource }) => nameOf(resource)).sort();
  return [serverId, changes, names(work.blocked), names(work.toAdopt)];
}
