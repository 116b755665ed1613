/** What is to be written at one server: desired minus deployed, minus what the server has itself. */
import { close } from '../change/close.ts';
import { diffStates, nameOf, type StateChange } from '../change/states.ts';
import { bodyHash } from '../change/links.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { Issue } from '../fhir/issue.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { ServerReference } from '../store/references.ts';
import { blockedBy } from './blocked.ts';
import type { InDoubt } from './in-doubt.ts';
import type { Lookup } from './lookups.ts';
import { isCopy } from './lookups.ts';
import { neededByOthers, needers, wordsForOthers } from './needers.ts';
import type { ResourceName, Wanted } from './types.ts';

/** One resource as a run wants it at a server. */
export type Work = {
  op: 'create' | 'update' | 'close';
  resource: Wanted;
  active: boolean;
  before: DeployedResource | undefined;
  /** It may never have arrived: then there is nothing to write. */
  unsure?: true;
};

export type ServerWork = {
  work: Work[];
  /** What cannot be written now, each with the reason. */
  blocked: { resource: Wanted; reason: string }[];
  unchanged: number;
  /** Who needs it changed, nothing else: our own bookkeeping. */
  needers: DeployedResource[];
  /** What the server has itself: to be pointed to. */
  found: ServerReference[];
  /** Rows of what the server no longer has itself. */
  stale: ServerReference[];
  issues: Issue[];
  /** Resources in use that we have there, for the brake. */
  inUse: number;
};

export type Ground = {
  tenant: string;
  serverId: string;
  wanted: ReadonlyMap<ResourceName, Wanted>;
  /** Of the tenant and of the shared tenant. */
  deployed: readonly DeployedResource[];
  inDoubt: InDoubt;
  references: readonly ServerReference[];
  lookup: Lookup;
  /** YYYY-MM-DD, the day on which what leaves leaves. */
  today: string;
  /** Limits the work to what this says yes to. */
  concerns: (name: ResourceName, networks: readonly string[]) => boolean;
};

/** Pure: the same ground gives the same work. */
export function serverWork(ground: Ground): ServerWork {
  const { tenant, wanted, today } = ground;
  const unsure = ground.inDoubt.created.filter((row) => !wanted.has(nameOf(row)));
  const deployed = [...ground.deployed, ...unsure];
  const result: ServerWork = {
    ...{ work: [], blocked: [], unchanged: 0, needers: [], found: [], stale: [] },
    ...{ issues: ground.lookup.issue ? [ground.lookup.issue] : [] },
    inUse: ground.deployed.filter((row) => row.active).length,
  };
  const toWrite = [...wanted.values()].filter((one) => !isThere(one, ground, result));
  const mine = deployed.filter(
    (row) => row.tenant !== sharedTenant || needers(row, tenant).length > 0 || wanted.has(nameOf(row)),
  );
  for (const change of diffStates(toWrite, mine)) place(change, ground, result);
  const stopped = blockedBy(result, ground);
  result.blocked.push(...stopped);
  const names = new Set(stopped.map(({ resource }) => nameOf(resource)));
  result.work = result.work.filter(({ resource }) => !names.has(nameOf(resource)));
  return result;

  function place(
    change: StateChange<Wanted, DeployedResource>,
    { concerns }: Ground,
    into: ServerWork,
  ): void {
    const networks = change.op === 'close' ? needers(change.deployed, tenant) : change.desired.networks;
    if (!concerns(nameOf(change.op === 'close' ? change.deployed : change.desired), networks)) return;
    if (change.op === 'create')
      into.work.push({ op: 'create', resource: change.desired, active: true, before: undefined });
    else if (change.op === 'close') leave(change.deployed, into);
    else if (differs(change) && !wordsForOthers(change.deployed, tenant, change.desired.networks))
      into.work.push({ op: 'update', resource: change.desired, active: true, before: change.deployed });
    else keep(change.deployed, change.desired.networks, into);
  }

  function differs({ op, desired }: { op: 'update' | 'unchanged'; desired: Wanted }): boolean {
    return op === 'update' || ground.inDoubt.changed.has(nameOf(desired));
  }

  function keep(row: DeployedResource, networks: readonly string[], into: ServerWork): void {
    into.unchanged += 1;
    const now = neededByOthers(row, tenant, networks);
    if (now.join() !== row.networks.join()) into.needers.push({ ...row, networks: now });
  }

  function leave(row: DeployedResource, into: ServerWork): void {
    if (neededByOthers(row, tenant, []).length > 0 && row.tenant === sharedTenant) return keep(row, [], into);
    const kind = row.class === 'directory-copy' ? 'directory-copy' : 'owned';
    const resource = { ...row, class: kind, networks: needers(row, tenant) } satisfies Wanted;
    const body = close(row.body, today);
    if (body)
      into.work.push({
        op: 'close',
        resource: { ...resource, body, hash: bodyHash(body) },
        active: false,
        before: row,
        ...(unsure.includes(row) ? { unsure: true } : {}),
      });
    else into.blocked.push({ resource, reason: `Aucune règle ne dit comment retirer un ${row.type}.` });
  }
}

/** True when the server has it under its own name, or may have it: then it is not ours to write. */
function isThere(one: Wanted, ground: Ground, result: ServerWork): boolean {
  const { serverId, deployed, references, lookup } = ground;
  const name = nameOf(one);
  if (!isCopy(one) || deployed.some((row) => row.tenant === sharedTenant && nameOf(row) === name))
    return false;
  const known = references.find((row) => !row.ours && nameOf(row) === name);
  const matches = lookup.matches.get(name);
  if (!matches && known) {
    result.unchanged += 1;
    return true;
  }
  if (!matches) {
    result.blocked.push({ resource: one, reason: 'Le serveur n’a pas pu dire s’il l’a déjà.' });
    return true;
  }
  const [match, ...others] = matches;
  if (!match) {
    if (known) result.stale.push(known);
    return false;
  }
  if (others.length > 0) {
    result.issues.push(twin(one, matches.length));
    result.blocked.push({ resource: one, reason: 'Le serveur l’a en plusieurs exemplaires.' });
    return true;
  }
  result.unchanged += 1;
  if (known?.localId !== match.localId)
    result.found.push({
      ...{ tenant: sharedTenant, serverId, type: one.type, key: one.key, localId: match.localId },
      ...{ versionId: match.versionId ?? null, lastUpdated: null, ours: false },
    });
  return true;
}

function twin(one: Wanted, count: number): Issue {
  return {
    severity: 'warning',
    code: 'multiple-matches',
    rule: 'twin',
    message: `${one.type} ${one.key} : le serveur en a ${count} exemplaires ; l’établissement doit dire lequel compte.`,
  };
}
