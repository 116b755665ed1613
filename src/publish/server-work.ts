/** What is to be written at one server: desired minus deployed, minus what the server has itself. */
import { close } from '../change/close.ts';
import { diffStates, nameOf, type StateChange } from '../change/states.ts';
import { bodyHash } from '../change/links.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { ServerReference } from '../store/references.ts';
import { adoption } from './adoption.ts';
import { blockedBy } from './blocked.ts';
import type { Differences } from './compare.ts';
import type { InDoubt } from './in-doubt.ts';
import type { Adoptable, Lookup } from './lookups.ts';
import { isCopy } from './lookups.ts';
import { neededByOthers, needers, wordsForOthers } from './needers.ts';
import { isThere } from './there.ts';
import type { ResourceName, Wanted } from './types.ts';

/** One resource as a run wants it at a server. */
export type Work = {
  op: 'create' | 'update' | 'close' | 'adopt' | 'release';
  resource: Wanted;
  active: boolean;
  before: DeployedResource | undefined;
  /** It may never have arrived: then there is nothing to write. */
  unsure?: true;
  /** Its id there, where no reference says so: an adoption whose answer was lost. */
  localId?: string;
  /** The server could not be asked whether it has it. */
  lookFirst?: true;
  /** Somebody's own resource that becomes ours. */
  adopts?: Adoptable;
};

/** Who needs a resource that stays as it is. */
export type NeedersNow = Pick<
  DeployedResource,
  'tenant' | 'serverId' | 'type' | 'key' | 'networks' | 'class' | 'active'
> & { before: string[] };

export type ServerWork = {
  work: Work[];
  /** Somebody's own under a key of ours, whose adoption nobody confirmed; `before` is what stands there. */
  toAdopt: Work[];
  /** What cannot be written now, each with the reason. */
  blocked: { resource: Wanted; reason: string }[];
  /** By the first network that wants it. */
  unchanged: Record<string, number>;
  /** Who needs it changed, nothing else: our own bookkeeping. */
  needers: NeedersNow[];
  /** What the server has itself: to be pointed to. */
  found: ServerReference[];
  /** Rows of what the server no longer has itself. */
  stale: Pick<ServerReference, 'tenant' | 'serverId' | 'type' | 'key'>[];
  issues: Issue[];
  /** Resources in use that we have there, for the brake. */
  inUse: number;
};

export type Ground = {
  tenant: string;
  serverId: string;
  differences: Differences;
  inDoubt: InDoubt;
  lookup: Lookup;
  /** YYYY-MM-DD, the day on which what leaves leaves. */
  today: string;
  /** Was the adoption of this resource confirmed? */
  mayAdopt: (resource: Wanted, match: Adoptable) => boolean;
  /** What was adopted and is given back instead of closed: its earlier version. */
  releases: ReadonlyMap<ResourceName, AnyResource>;
};

/** Pure: the same ground gives the same work. */
export function serverWork(ground: Ground): ServerWork {
  const { tenant, today, serverId, differences } = ground;
  const { wanted } = differences;
  const unsure = ground.inDoubt.created.filter((row) => !wanted.has(nameOf(row)));
  const deployed: DeployedResource[] = [...differences.deployed, ...unsure];
  const result: ServerWork = {
    ...{ work: [], toAdopt: [], blocked: [], needers: [], found: [], stale: [] },
    ...{ unchanged: { ...differences.unchanged }, inUse: differences.inUse },
    issues: [...ground.lookup.issues],
  };
  for (const { type, key, row, wish } of differences.needers)
    keep({ ...row!, serverId, type, key }, wish!.networks);
  const toWrite = [...wanted.values()].filter((one) => !isThere(one, ground, result));
  const mine = deployed.filter(
    (row) => row.tenant !== sharedTenant || needers(row, tenant).length > 0 || wanted.has(nameOf(row)),
  );
  for (const change of diffStates(toWrite, mine)) place(change);
  for (const row of mine)
    if (
      !row.active &&
      row.class === 'adopted' &&
      ground.releases.has(nameOf(row)) &&
      !wanted.has(nameOf(row))
    )
      leave(row);
  const stopped = blockedBy(result, differences);
  result.blocked.push(...stopped);
  const names = new Set(stopped.map(({ resource }) => nameOf(resource)));
  result.work = result.work.filter(({ resource }) => !names.has(nameOf(resource)));
  return result;

  function place(change: StateChange<Wanted, DeployedResource>): void {
    if (change.op === 'create') create(change.desired);
    else if (change.op === 'close') leave(change.deployed);
    else if (differs(change) && !wordsForOthers(change.deployed, tenant, change.desired.networks))
      result.work.push({ op: 'update', resource: change.desired, active: true, before: change.deployed });
    else keep(change.deployed, change.desired.networks);
  }

  function create(resource: Wanted): void {
    const matches = ground.lookup.adoptable.get(nameOf(resource)) ?? [];
    if (matches.length === 0)
      return void result.work.push({
        ...{ op: 'create', resource, active: true, before: undefined },
        ...(isCopy(resource) || ground.lookup.asked.has(nameOf(resource)) ? {} : { lookFirst: true }),
      });
    const { work, blocked, issue } = adoption(resource, matches, ground);
    if (issue) result.issues.push(issue);
    if (blocked) result.blocked.push(blocked);
    if (work) (ground.mayAdopt(resource, matches[0]!) ? result.work : result.toAdopt).push(work);
  }

  function differs({ op, desired }: { op: 'update' | 'unchanged'; desired: Wanted }): boolean {
    return op === 'update' || ground.inDoubt.changed.has(nameOf(desired));
  }

  function keep(row: Omit<NeedersNow, 'before'>, networks: readonly string[]): void {
    const first = networks[0];
    if (first !== undefined) result.unchanged[first] = (result.unchanged[first] ?? 0) + 1;
    const now = neededByOthers(row, tenant, networks);
    if (now.join() !== row.networks.join())
      result.needers.push({ ...row, networks: now, before: row.networks });
  }

  function leave(row: DeployedResource): void {
    if (neededByOthers(row, tenant, []).length > 0 && row.tenant === sharedTenant) return keep(row, []);
    const kind = isCopy(row) ? 'directory-copy' : 'owned';
    const resource = { ...row, class: kind, networks: needers(row, tenant) } satisfies Wanted;
    const doubtful = unsure.find((one) => one === row);
    const earlier = ground.releases.get(nameOf(row));
    const body = earlier ?? close(row.body, today);
    if (body)
      result.work.push({
        op: earlier ? 'release' : 'close',
        resource: { ...resource, body, hash: bodyHash(body) },
        active: false,
        before: row,
        ...(doubtful ? { unsure: true } : {}),
        ...(doubtful?.adopts ? { localId: doubtful.adopts.localId } : {}),
      });
    else result.blocked.push({ resource, reason: `Aucune règle ne dit comment retirer un ${row.type}.` });
  }
}
