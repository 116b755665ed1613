import type { Json } from '../fhir/types.ts';
import type { Drift, ReconcileResult } from '../operations.ts';
import { clinicalGaps, lostReceipts } from './clinical-gaps.ts';
import { reconcileServer } from './reconcile-server.ts';
import { repairable } from './repair.ts';
import type { ReconcileParts } from './types.ts';

export type ReconcileArguments = {
  server?: string;
  /** Puts ours back; otherwise differences are only noted. */
  repair?: boolean;
  /** How long to wait for repairs; default one minute. */
  waitMs?: number;
};

/**
 * Compares what we deployed with what each server says now, notes the differences, repairs them when asked, and lists
 * every clinical item without its receipt. Servers are independent: one that cannot be asked is told with its error.
 */
export async function reconcile(
  parts: ReconcileParts,
  { tenant, actor }: { tenant: string; actor: string },
  { server, repair = false, waitMs = 60_000 }: ReconcileArguments = {},
): Promise<ReconcileResult> {
  const { store, clock, delivery, log } = parts;
  const run = parts.ids.uuid();
  await store.runs.start(tenant, { id: run, kind: 'reconcile', actor, startedAt: new Date(clock.now()) });
  const configs = parts.serverConfigs.filter(({ id }) => server === undefined || id === server);
  const outcomes = await Promise.all(
    configs.map((config) => reconcileServer(parts, { tenant, runId: run, repair }, config)),
  );
  if (repair) {
    delivery.wake();
    await delivery.drain(tenant, { runId: run }, AbortSignal.timeout(waitMs));
  }
  const asked = new Map([...parts.servers].filter(([id]) => configs.some((config) => config.id === id)));
  const lost = await lostReceipts(store, asked, tenant, new Date(clock.now()));
  const clinical = [...(await clinicalGaps(store, tenant, parts.servers)), ...lost.gaps].filter(
    (gap) => server === undefined || gap.server === server,
  );
  const drift = await withStates(
    parts,
    tenant,
    outcomes.flatMap((outcome) => outcome.drift),
  );
  const servers = outcomes.map((outcome) => {
    const error = outcome.server.error ?? lost.unasked.get(outcome.server.server);
    return { ...outcome.server, ...(error === undefined ? {} : { error }) };
  });
  const repaired = drift.filter(({ state }) => state === 'repaired').length;
  const clean = servers.every(({ error }) => error === undefined) && repaired === drift.length;
  const summary = { servers, drift: drift.length, repaired, clinical: clinical.length } as unknown as Json;
  const finishedAt = new Date(clock.now());
  await store.runs.finish(tenant, run, { status: clean ? 'done' : 'partial', summary, finishedAt });
  log.info('reconcile.done', { run, count: drift.length, state: clean ? 'done' : 'partial' });
  return { run, servers, drift, clinical, repaired };
}

/** What the repair's receipts made of each finding. */
async function withStates(
  { store }: Pick<ReconcileParts, 'store'>,
  tenant: string,
  drift: readonly Drift[],
): Promise<Drift[]> {
  if (drift.length === 0) return [];
  const repaired = await store.findings.list(tenant, { state: 'repaired' });
  const names = new Set(repaired.map((one) => [one.serverId, one.type, one.key, one.kind].join(' ')));
  return drift.map((one) =>
    (repairable as readonly string[]).includes(one.kind) &&
    names.has([one.server, one.type, one.key, one.kind].join(' '))
      ? { ...one, state: 'repaired' }
      : one,
  );
}
