/** What was at the servers before a run (or right after it), out of what every run since then changed. */
import { close } from '../change/close.ts';
import { bodyHash } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import { GatewayError } from '../fhir/error.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { ChangeState, FirstChange, Run } from '../store/runs.ts';
import type { Repositories } from '../store/store.ts';
import { publishKind } from './effect.ts';
import { needers } from './needers.ts';
import { type Queued, queued } from './queued.ts';
import type { Stated } from './stated.ts';
import type { ResourceName } from './types.ts';

/** One resource as it was; undefined body: it was not there, or not in use. */
type Earlier = { networks: string[]; class: ChangeState['class']; body: AnyResource | undefined };
type Owner = Omit<Earlier, 'body'>;
type EarlierByName = Map<ResourceName, Earlier>;

export type EarlierState = {
  /** Networks of which something was otherwise. */
  networks: Set<string>;
  /** All that those networks had in use, at each server; what did not change since without its body. */
  resources: Stated[];
  /** By server: what was adopted since, with the version that somebody had written. */
  releases: Map<string, Map<ResourceName, AnyResource>>;
};

/** What one server shows of what changed or is on its way there. */
type Now = { rows: Map<ResourceName, DeployedResource>; queue: Map<ResourceName, Queued> };

type Reading = Pick<Repositories, 'runs' | 'deployed' | 'outbox'>;

/**
 * Reads the earlier state at `servers`; at the other servers of the tenant it is that of now. What is queued counts as
 * if it had arrived. Throws `unprocessable` when a run noted too little to be undone.
 */
export async function earlierState(
  store: Reading,
  tenant: string,
  run: Pick<Run, 'startedAt'>,
  { after, servers, all }: { after: boolean; servers: readonly string[]; all: readonly string[] },
): Promise<EarlierState> {
  const since = { at: run.startedAt, after };
  const changes = await store.runs.firstChanges(tenant, since, servers);
  const state: EarlierState = { networks: new Set(), resources: [], releases: new Map() };
  const at = new Map<string, { now: Now; then: EarlierByName }>();
  for (const serverId of all) {
    const here = changes.filter((change) => change.serverId === serverId);
    const now = await nowAt(store, tenant, serverId, here);
    const then = asBefore(here, now, tenant);
    const created = here.filter(({ op }) => op === 'create');
    for (const one of await store.runs.queuedBefore(tenant, since, serverId, created))
      then.set(nameOf(one), {
        ...{ networks: needers(one.afterState!, tenant), class: one.afterState!.class },
        body: one.after!,
      });
    at.set(serverId, { now, then });
    state.releases.set(serverId, releasesOf(here));
    for (const name of networksOfDifferences(here, then, now, tenant)) state.networks.add(name);
  }
  for (const [serverId, { now, then }] of at)
    state.resources.push(...(await heldAt(store, tenant, serverId, now, then, state.networks)));
  return state;
}

async function nowAt(
  store: Reading,
  tenant: string,
  serverId: string,
  changes: readonly FirstChange[],
): Promise<Now> {
  const open = await store.outbox.open(tenant, { serverId, lane: 'publication', kind: publishKind });
  const queue = queued(open);
  const asked = [...changes, ...[...queue.values()].map(({ entry }) => entry)];
  const rows = await store.deployed.find(visibleTenants(tenant), serverId, asked);
  return { rows: new Map(rows.map((row) => [nameOf(row), row])), queue };
}

/**
 * Each changed resource as it was: its body of the first change that has one, its needers of the very first. A run of
 * an older release noted bodies only: who needs it now stands for who needed it.
 */
function asBefore(changes: readonly FirstChange[], { rows }: Now, tenant: string): EarlierByName {
  const then: EarlierByName = new Map();
  const written = new Map(changes.filter(({ op }) => op !== 'keep').map((one) => [nameOf(one), one]));
  for (const [name, { beforeState, before }] of written) {
    const row = rows.get(name);
    const known = beforeState ?? (row?.active ? row : undefined);
    const inUse = before !== null && (beforeState?.active ?? isOpen(before));
    if (inUse && !known) throw notedTooLittle(name);
    then.set(name, {
      networks: known ? needers(known, tenant) : [],
      class: known?.class ?? 'owned',
      body: inUse && known?.class !== 'foreign' ? before : undefined,
    });
  }
  for (const change of changes.filter(({ op }) => op === 'keep')) {
    const name = nameOf(change);
    const networks = needers(change.beforeState!, tenant);
    const known = then.get(name);
    const row = rows.get(name);
    if (known && (known.body === undefined || isEarlier(written.get(name)!, change))) continue;
    if (known) then.set(name, { ...known, networks });
    else if (row) then.set(name, { networks, class: row.class, body: row.active ? row.body : undefined });
  }
  return then;
}

function isEarlier(one: FirstChange, other: FirstChange): boolean {
  const [a, b] = [one.startedAt.getTime(), other.startedAt.getTime()];
  return a < b || (a === b && one.runId < other.runId);
}

function notedTooLittle(name: ResourceName): GatewayError {
  return new GatewayError({
    category: 'unprocessable',
    side: 'sender',
    message: `Ce passage est d’une version qui ne notait pas quels réseaux avaient besoin de ${name} : il ne peut pas être défait.`,
  });
}

/** Runs of an older release did not note whether a resource was in use: what closing does not change was closed. */
function isOpen(body: AnyResource): boolean {
  return contentHash(close(body, '9999-12-31')) !== contentHash(body);
}

function releasesOf(changes: readonly FirstChange[]): Map<ResourceName, AnyResource> {
  return new Map(
    changes.flatMap((change) =>
      change.beforeState?.class === 'foreign' && change.before
        ? [[nameOf(change), change.before] as const]
        : [],
    ),
  );
}

/** Networks of what is or will be otherwise; what was adopted and then closed is otherwise too: it is not given back yet. */
function networksOfDifferences(
  changes: readonly FirstChange[],
  then: EarlierByName,
  { rows, queue }: Now,
  tenant: string,
): string[] {
  const adopting = new Map(releasesOf(changes));
  const states = new Map(changes.map((change) => [nameOf(change), change.afterState]));
  return [...then].flatMap(([name, earlier]) => {
    const row = rows.get(name);
    const current = row ? needers(row, tenant) : [];
    const hashNow = row?.active ? row.hash : undefined;
    const hashThen = earlier.body && bodyHash(earlier.body);
    const coming = queue.get(name);
    if (row && !row.active && adopting.has(name)) {
      const by = states.get(name);
      return [...earlier.networks, ...(by ? needers(by, tenant) : [])];
    }
    const same = hashNow === hashThen && (!row?.active || current.join() === earlier.networks.join());
    return same && !coming ? [] : [...earlier.networks, ...current, ...(coming?.state.networks ?? [])];
  });
}

async function heldAt(
  store: Reading,
  tenant: string,
  serverId: string,
  { rows, queue }: Now,
  then: EarlierByName,
  networks: ReadonlySet<string>,
): Promise<Stated[]> {
  const changed: EarlierByName = new Map();
  for (const [name, { entry, state }] of queue)
    changed.set(name, { ...state, body: state.active ? entry.body : undefined });
  for (const [name, earlier] of then) changed.set(name, earlier);
  const names = [...networks];
  const asNow = await store.deployed.outline(visibleTenants(tenant), serverId, [
    ...names,
    ...names.map((one) => `${tenant}/${one}`),
  ]);
  const said = (
    one: Omit<Stated, 'networkId' | 'serverId' | 'class'>,
    { networks: by, class: kind }: Owner,
  ): Stated[] =>
    by
      .filter((network) => networks.has(network))
      .map((networkId) => ({
        ...{ ...one, networkId, serverId },
        class: kind === 'directory-copy' ? ('directory-copy' as const) : ('owned' as const),
      }));
  return [
    ...asNow
      .filter((row) => !changed.has(nameOf(row)))
      .flatMap((row) => {
        const { type, key, hash, class: kind } = row;
        return said({ type, key, hash }, { networks: needers(row, tenant), class: kind });
      }),
    ...[...changed].flatMap(([name, { body, ...owner }]) => {
      if (!body) return [];
      const row = rows.get(name);
      const [type, key] = [name.slice(0, name.indexOf(' ')), name.slice(name.indexOf(' ') + 1)];
      return said({ type, key, body, hash: row?.body === body ? row.hash : bodyHash(body) }, owner);
    }),
  ];
}
