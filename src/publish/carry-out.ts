import { GatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import type { ApplyArguments, ApplyResult, Plan } from '../operations.ts';
import type { Repositories } from '../store/store.ts';
import { begin } from './begin.ts';
import { saveDesired } from './desired-state.ts';
import { refuseMoved } from './ground.ts';
import { unaskedRule } from './lookups.ts';
import { type ReadBefore, refuseOvertaken } from './overtaken.ts';
import { type Asked, lookAll, prepare, type PreparedPlan } from './prepare.ts';
import type { MappedNetwork, PublishParts } from './types.ts';
import { versionsAt } from './versions.ts';
import { outcomeOf } from './wait.ts';

/** Whose publication it is, and who asked. */
export type Scope = { tenant: string; actor: string };

/** What the caller has to say of a plan before anything of it is stored: it throws what refuses it. */
export type Accepting = { accept?: (plan: Plan) => void };

export type Deed = {
  /** Of the run, in the history. */
  kind: 'apply' | 'rollback';
  read: ReadBefore;
  /** What is to be stored with the desired state, in its transaction; `run` is the run's id. */
  save: (tx: Repositories, run: string, at: Date) => Promise<void>;
};

/** Plans under the lock of publication, stores what follows from it, and waits for the servers. */
export async function carryOut(
  parts: PublishParts,
  { tenant, actor }: Scope,
  networks: readonly MappedNetwork[],
  args: Omit<ApplyArguments, 'release'> & Asked & Accepting & { waitMs?: number },
  deed: Deed,
): Promise<ApplyResult> {
  const { store, clock, delivery, log } = parts;
  const looked = await lookAll(parts, tenant, networks, args, deed.read);
  const versions = args.expect && (await versionsAt(parts, tenant, args.expect.ground.servers));
  const run = parts.ids.uuid();
  const { plan } = await store.transaction(async (tx) => {
    await tx.runs.alone('publish');
    await refuseOvertaken(tx, tenant, networks, deed.read);
    const prepared = await prepare(parts, tenant, networks, looked, args, tx);
    for (const [id, server] of Object.entries(prepared.plan.ground.servers))
      server.versions = versions?.[id] ?? {};
    if (args.expect) refuseMoved(args.expect, prepared.plan);
    args.accept?.(prepared.plan);
    if (!args.confirm) refuseLarge(prepared);
    const startedAt = new Date(clock.now());
    await saveDesired(tx, tenant, networks, startedAt);
    await tx.runs.start(tenant, { id: run, kind: deed.kind, actor, startedAt });
    await deed.save(tx, run, startedAt);
    for (const { serverId, work } of prepared.servers)
      await begin(tx, parts, { tenant, run, serverId }, work);
    return prepared;
  });
  delivery.wake();
  const asked = plan.servers.filter(({ issues }) => issues.every(({ rule }) => rule !== unaskedRule));
  const servers = await outcomeOf(parts, tenant, run, {
    names: plan.servers.map(({ server }) => server),
    waitFor: asked.map(({ server }) => server), // one that does not answer is not waited for here
    ...(args.waitMs === undefined ? {} : { waitMs: args.waitMs }),
  });
  const open = servers.some(({ parked, waiting, setAside }) => parked + waiting + setAside > 0);
  const left = plan.servers.some(({ changes }) =>
    changes.some(({ op, reason }) => op === 'blocked' || (op === 'adopt' && reason !== undefined)),
  );
  const told = servers.map(({ setAside: _setAside, ...server }) => server);
  const summary = { plan: plan.id, servers: told } as unknown as Json;
  const finishedAt = new Date(clock.now());
  await store.runs.finish(tenant, run, { status: open || left ? 'partial' : 'done', summary, finishedAt });
  log.info('publish.applied', { run, count: told.reduce((sum, one) => sum + one.written, 0) });
  return { run, servers: told, plan };
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
