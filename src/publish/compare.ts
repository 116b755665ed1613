/** One server looked at through the database: what differs from what the networks want, with the bodies of just that. */
import type { ServerConfig } from '../config.ts';
import { keyLinks } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { sharedTenant, visibleTenants } from '../delivery/shared-tenant.ts';
import type { WriteEntry } from '../delivery/types.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Origin } from '../mapping/types.ts';
import type { Compared, Comparison } from '../store/comparison.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { ServerReference } from '../store/references.ts';
import type { Repositories } from '../store/store.ts';
import { moved } from './moved.ts';
import { type Stated, withBodies } from './stated.ts';
import { hashOf, networksAt, resourcesAt } from './desired-state.ts';
import { publishKind } from './effect.ts';
import type { MappedNetwork, ResourceName, Wanted } from './types.ts';

/** What one server's part of a plan is made from. */
export type Differences = {
  /** What is compared apart from who needs it, by name. */
  compared: Map<ResourceName, Compared>;
  wanted: Map<ResourceName, Wanted>;
  deployed: DeployedResource[];
  /** Right as it stands, but needed by others than is noted. */
  needers: Compared[];
  /** What is known there of the resources that differ and of all that they point to. */
  references: ServerReference[];
  /** Items not sent yet: a new run sets them aside, so it covers what they hold. */
  open: OpenItem[];
  unchanged: Record<string, number>;
  inUse: number;
  issues: Issue[];
};

export type CompareArguments = {
  /** Only what these networks want or need. */
  concerned?: readonly string[];
  /** Ask again for what the server is known to have itself. */
  refresh?: boolean;
  /** Looked at whatever the comparison says, like what is queued. */
  always?: readonly ResourceName[];
};

type Reading = Pick<Repositories, 'comparison' | 'deployed' | 'desired' | 'holds' | 'references' | 'outbox'>;

/** Compares one server. Reads the store only. */
export async function compareAt(
  store: Reading,
  tenant: string,
  config: ServerConfig,
  networks: readonly MappedNetwork[],
  { concerned, refresh = false, always = [] }: CompareArguments,
): Promise<Differences> {
  const serverId = config.id;
  const open = await store.outbox.open(tenant, { serverId, lane: 'publication', kind: publishKind });
  const pending = new Set(
    open.flatMap((item) => (item.payload.entries as unknown as WriteEntry[]).map(nameOf)),
  );
  const there = networksAt(config, networks);
  const inMemory = there.filter(({ kept }) => kept === undefined);
  const comparison = await store.comparison.compare({
    ...{ tenant, shared: sharedTenant, serverId, always: [...pending, ...always], foreignToo: refresh },
    desired: there.filter(({ kept }) => kept === 'desired').map(({ id }) => id),
    held: there.filter(({ kept }) => kept === 'held').map(({ id }) => id),
    staged: inMemory.flatMap((network) =>
      resourcesAt(network, serverId).map((one) => ({
        ...{ networkId: network.id, type: one.type, key: one.key, class: one.class, hash: hashOf(one) },
      })),
    ),
    ...(concerned ? { concerned } : {}),
  });
  const needers = comparison.differing.filter(
    (one) => one.wish && one.row?.hash === one.wish.hash && !pending.has(nameOf(one)),
  );
  const differing = comparison.differing.filter((one) => !needers.includes(one));
  const wanted = await wishes(store, tenant, serverId, there, differing);
  const deployed = await store.deployed.find(visibleTenants(tenant), serverId, differing);
  const bodies = [...wanted.values(), ...deployed].map(({ body }) => body);
  const keys = new Set([...differing, ...bodies.flatMap(keyLinks)].map(({ key }) => key));
  return {
    ...{ compared: new Map(differing.map((one) => [nameOf(one), one])), wanted, deployed, needers, open },
    references: await store.references.find(visibleTenants(tenant), serverId, [...keys]),
    ...{ unchanged: comparison.unchanged, inUse: comparison.inUse },
    issues: comparison.disagreements.map(disagreement),
  };
}

/** Bodies of what is wished: from memory, or of just these rows from the store. */
async function wishes(
  store: Reading,
  tenant: string,
  serverId: string,
  networks: readonly MappedNetwork[],
  differing: readonly Compared[],
): Promise<Map<ResourceName, Wanted>> {
  const asked = differing.flatMap(({ type, key, wish }) =>
    wish ? [{ type, key, networkId: wish.networks[0]! }] : [],
  );
  const from = (kept: MappedNetwork['kept']) => {
    const ids = new Set(networks.filter((network) => network.kept === kept).map(({ id }) => id));
    return asked.filter(({ networkId }) => ids.has(networkId));
  };
  const inMemory = new Map<string, Pick<Wanted, 'body' | 'origin'>>();
  const stated: Stated[] = [];
  const of = (one: { networkId: string; type: string; key: string }): string =>
    `${one.networkId} ${nameOf(one)}`;
  const names = new Set(from(undefined).map(of));
  for (const network of networks.filter(({ kept }) => kept === undefined))
    for (const resource of resourcesAt(network, serverId)) {
      const name = of({ ...resource, networkId: network.id });
      if (!names.has(name)) continue;
      if ('origin' in resource) inMemory.set(name, resource);
      else stated.push(resource);
    }
  for await (const page of withBodies(store, tenant, stated))
    for (const one of page) inMemory.set(of(one), one);
  for (const row of await store.desired.find(tenant, from('desired')))
    inMemory.set(of(row), { body: row.body, origin: row.origin as unknown as Origin[] });
  for (const row of await store.holds.find(tenant, serverId, from('held'))) inMemory.set(of(row), row);
  return new Map(
    differing.flatMap(({ type, key, wish }) => {
      if (!wish) return [];
      const { class: kind, hash, networks: by } = wish;
      const said = inMemory.get(of({ networkId: by[0]!, type, key }));
      if (!said) throw moved(); // another run published between the comparison and this reading
      const { body, origin = [] } = said;
      const one: Wanted = { type, key, class: kind, hash, networks: by, body, origin };
      return [[nameOf(one), one] as const];
    }),
  );
}

function disagreement({ type, key, winner, other }: Comparison['disagreements'][number]): Issue {
  return {
    severity: 'warning',
    code: 'conflict',
    rule: 'same-key',
    message: `${type} ${key} : les réseaux ${winner} et ${other} ne disent pas la même chose ; ${winner} l’emporte.`,
  };
}
