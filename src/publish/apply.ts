import { nameOf } from '../change/states.ts';
import { enqueue, maxEntries } from '../delivery/enqueue.ts';
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import type { ApplyResult, PlanArguments } from '../operations.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { Repositories } from '../store/store.ts';
import { saveDesired } from './desired-state.ts';
import { type PublishDetail, publishKind } from './effect.ts';
import { hashesLeft } from './in-doubt.ts';
import { unaskedRule } from './lookups.ts';
import { inLinkOrder, inParts } from '../change/link-order.ts';
import { lookUpAll, prepare, type PreparedPlan } from './prepare.ts';
import type { ServerWork, Work } from './server-work.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** Whose publication it is, and who asked. */
export type Scope = { tenant: string; actor: string };

export type ApplyArguments = PlanArguments & {
  /** Lets a large change pass the brake. */
  confirm?: boolean;
  /** How long to wait for the servers; what is not written by then goes on by itself. Default one minute. */
  waitMs?: number;
};

/**
 * Carries the plan out: desired state, run, changes and outbox items in one transaction, then waits for the servers.
 * `networks` are all networks of the tenant. Throws `unprocessable` when a large change is not confirmed.
 */
export async function apply(
  parts: PublishParts,
  { tenant, actor }: Scope,
  networks: readonly MappedNetwork[],
  args: ApplyArguments = {},
): Promise<ApplyResult> {
  const { store, clock, delivery, log } = parts;
  const lookups = await lookUpAll(parts, tenant, networks, args);
  const run = parts.ids.uuid();
  const { plan } = await store.transaction(async (tx) => {
    await tx.runs.alone('publish');
    const prepared = await prepare(tx, parts, tenant, networks, lookups, args);
    if (!args.confirm) refuseLarge(prepared);
    const startedAt = new Date(clock.now());
    await saveDesired(tx, tenant, networks, startedAt);
    await tx.runs.start(tenant, { id: run, kind: 'apply', actor, startedAt });
    for (const { serverId, work } of prepared.servers)
      await begin(tx, parts, { tenant, run, serverId }, work);
    return prepared;
  });
  delivery.wake();
  const patience = AbortSignal.timeout(args.waitMs ?? 60_000);
  for (const { server, issues } of plan.servers) {
    if (issues.some(({ rule }) => rule === unaskedRule)) continue; // it does not answer: nobody waits for it here
    await delivery.drain(tenant, { runId: run, serverId: server }, patience);
  }
  const drained = await delivery.drain(tenant, { runId: run }, AbortSignal.abort());
  const servers = plan.servers.map(({ server }) => {
    const { written = 0, parked = 0, waiting = 0 } = drained.find((one) => one.serverId === server) ?? {};
    return { server, written, parked, waiting };
  });
  const open = drained.some(({ parked, waiting, setAside }) => parked + waiting + setAside > 0);
  const blocked = plan.servers.some(({ counts }) => counts.blocked > 0);
  const summary = { plan: plan.id, servers } as unknown as Json;
  const finishedAt = new Date(clock.now());
  await store.runs.finish(tenant, run, { status: open || blocked ? 'partial' : 'done', summary, finishedAt });
  log.info('publish.applied', { run, count: servers.reduce((sum, one) => sum + one.written, 0) });
  return { run, servers, plan };
}

type At = { tenant: string; run: string; serverId: string };

async function begin(
  tx: Repositories,
  { clock }: Pick<PublishParts, 'clock'>,
  { tenant, run, serverId }: At,
  { work, found, stale, needers }: ServerWork,
): Promise<void> {
  for (const reference of stale) await tx.references.forget(reference);
  await tx.references.put(found);
  await tx.deployed.put(needers);
  const changes = work.map(({ op, resource, before }) => ({
    ...{ serverId, type: resource.type, key: resource.key, op },
    ...{ before: before?.body ?? null, after: resource.body },
  }));
  await tx.runs.addChanges(tenant, run, changes);
  const filter = { serverId, lane: 'publication', kind: publishKind } as const;
  const earlier = await tx.outbox.supersede(tenant, filter, new Date(clock.now()));
  const left = hashesLeftBy(earlier);
  const byName = new Map(work.map((one) => [nameOf(one.resource), one]));
  const groups = inLinkOrder(work.map(({ resource }) => resource));
  const items = inParts(groups, maxEntries).map((part): NewItem => {
    const some = part.map((resource) => byName.get(nameOf(resource))!);
    return {
      ...{ tenant, lane: 'publication', serverId, subject: 'publication', kind: publishKind, runId: run },
      entries: some.map((one) => entryOf(one, left.get(nameOf(one.resource)) ?? [])),
      detail: detailOf(some),
    };
  });
  await enqueue(tx, items, clock);
}

function entryOf({ resource, before, unsure }: Work, left: readonly string[]): WriteEntry {
  const { type, key, body } = resource;
  const mayHold = [...new Set([...(before ? [before.hash] : []), ...left])];
  return {
    ...{ type, key, body },
    ...(resource.class === 'directory-copy' ? { shared: true as const } : {}),
    ...(mayHold.length ? { mayHold } : {}),
    ...(unsure ? { ifThere: true as const } : {}),
  };
}

/** An item that was tried and then set aside may have left its content at the server: that is no foreign change. */
function hashesLeftBy(items: readonly OpenItem[]): Map<string, string[]> {
  const left = new Map<string, string[]>();
  for (const item of items)
    for (const entry of item.payload.entries as unknown as WriteEntry[])
      left.set(nameOf(entry), [...(left.get(nameOf(entry)) ?? []), ...hashesLeft(item, entry)]);
  return left;
}

function detailOf(work: readonly Work[]): PublishDetail {
  return {
    states: Object.fromEntries(
      work.map(({ resource, active }) => {
        const networks = active ? resource.networks : [];
        return [nameOf(resource), { class: resource.class, active, networks }];
      }),
    ),
  };
}

function refuseLarge({ servers }: PreparedPlan): void {
  const issues = servers.flatMap(({ work }) => work.issues.filter(({ rule }) => rule === 'brake'));
  if (issues.length === 0) return;
  throw new GatewayError({
    category: 'unprocessable',
    side: 'sender',
    message: `Changement d’ampleur inhabituelle. ${issues[0]!.message}`,
    issues,
  });
}
