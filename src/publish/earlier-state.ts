/** What was at the servers before a run (or right after it), out of what every run since then changed. */
import { close } from '../change/close.ts';
import { bodyHash } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { HeldResource } from '../store/holds.ts';
import type { ChangeState, Run, RunChange } from '../store/runs.ts';
import type { Repositories } from '../store/store.ts';
import { needers } from './needers.ts';
import type { ResourceName } from './types.ts';

/** One resource as it was; undefined body: it was not there, or not in use. */
type Earlier = { networks: string[]; class: ChangeState['class']; body: AnyResource | undefined };

export type EarlierState = {
  /** Networks of which something was otherwise. */
  networks: Set<string>;
  /** All that those networks had in use, at each server. */
  resources: HeldResource[];
  /** By server: what was adopted since, with the version that somebody had written. */
  releases: Map<string, Map<ResourceName, AnyResource>>;
};

/** Reads the earlier state at `servers`; at the other servers of the tenant it is that of now. */
export async function earlierState(
  store: Pick<Repositories, 'runs' | 'deployed'>,
  tenant: string,
  run: Pick<Run, 'startedAt'>,
  { after, servers, all }: { after: boolean; servers: readonly string[]; all: readonly string[] },
): Promise<EarlierState> {
  const changes = await store.runs.firstChanges(tenant, { at: run.startedAt, after }, servers);
  const state: EarlierState = { networks: new Set(), resources: [], releases: new Map() };
  const rows = new Map<string, DeployedResource[]>();
  for (const serverId of all) rows.set(serverId, await store.deployed.list(visibleTenants(tenant), serverId));
  const earlier = new Map<string, Map<ResourceName, Earlier>>();
  for (const serverId of servers) {
    const here = changes.filter((change) => change.serverId === serverId);
    const then = asBefore(here, rows.get(serverId)!, tenant);
    earlier.set(serverId, then);
    state.releases.set(serverId, releasesOf(here));
    for (const name of networksOfDifferences(then, rows.get(serverId)!, tenant)) state.networks.add(name);
  }
  for (const serverId of all)
    state.resources.push(...heldAt(serverId, rows.get(serverId)!, earlier.get(serverId), state, tenant));
  return state;
}

/** Each changed resource as it was: its body of the first change that has one, its needers of the very first. */
function asBefore(
  changes: readonly RunChange[],
  rows: readonly DeployedResource[],
  tenant: string,
): Map<ResourceName, Earlier> {
  const now = new Map(rows.map((row) => [nameOf(row), row]));
  const then = new Map<ResourceName, Earlier>();
  const written = changes.filter(({ op }) => op !== 'keep');
  for (const change of written) {
    const { beforeState, before } = change;
    const inUse = before !== null && (beforeState?.active ?? isOpen(before));
    then.set(nameOf(change), {
      networks: beforeState ? needers(beforeState, tenant) : [],
      class: beforeState?.class ?? 'owned',
      body: inUse && beforeState?.class !== 'foreign' ? before : undefined,
    });
  }
  for (const change of changes.filter(({ op }) => op === 'keep')) {
    const networks = needers(change.beforeState!, tenant);
    const known = then.get(nameOf(change));
    const row = now.get(nameOf(change));
    if (known && known.body === undefined) continue;
    if (known) then.set(nameOf(change), { ...known, networks });
    else if (row)
      then.set(nameOf(change), { networks, class: row.class, body: row.active ? row.body : undefined });
  }
  return then;
}

/** Runs of an older release did not note whether a resource was in use: what closing does not change was closed. */
function isOpen(body: AnyResource): boolean {
  return contentHash(close(body, '9999-12-31')) !== contentHash(body);
}

function releasesOf(changes: readonly RunChange[]): Map<ResourceName, AnyResource> {
  return new Map(
    changes.flatMap((change) =>
      change.beforeState?.class === 'foreign' && change.before
        ? [[nameOf(change), change.before] as const]
        : [],
    ),
  );
}

function networksOfDifferences(
  then: ReadonlyMap<ResourceName, Earlier>,
  rows: readonly DeployedResource[],
  tenant: string,
): string[] {
  const now = new Map(rows.map((row) => [nameOf(row), row]));
  return [...then].flatMap(([name, earlier]) => {
    const row = now.get(name);
    const current = row ? needers(row, tenant) : [];
    const hashNow = row?.active ? row.hash : undefined;
    const hashThen = earlier.body && bodyHash(earlier.body);
    if (hashNow === hashThen && (!row?.active || current.join() === earlier.networks.join())) return [];
    return [...earlier.networks, ...current];
  });
}

function heldAt(
  serverId: string,
  rows: readonly DeployedResource[],
  then: ReadonlyMap<ResourceName, Earlier> | undefined,
  { networks }: EarlierState,
  tenant: string,
): HeldResource[] {
  const untouched = rows.filter((row) => row.active && !then?.has(nameOf(row)));
  const kept = untouched.map((row) => ({ ...row, networks: needers(row, tenant) }));
  const brought = [...(then ?? [])].flatMap(([name, { body, ...earlier }]) => {
    const [type, key] = [name.slice(0, name.indexOf(' ')), name.slice(name.indexOf(' ') + 1)];
    return body ? [{ ...earlier, type, key, body, hash: bodyHash(body) }] : [];
  });
  return [...kept, ...brought].flatMap(({ type, key, body, hash, networks: by, class: kind }) =>
    by
      .filter((network) => networks.has(network))
      .map((networkId) => ({
        ...{ networkId, serverId, type, key, hash, body },
        class: kind === 'directory-copy' ? ('directory-copy' as const) : ('owned' as const),
      })),
  );
}
