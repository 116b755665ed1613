import { bodyForm } from '../change/links.ts';
import { readableChanges } from '../change/readable.ts';
import { nameOf } from '../change/states.ts';
import type { WriteEntry } from '../delivery/types.ts';
import type { PlannedChange, RunDetail, RunSummary } from '../operations.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { RunChange } from '../store/runs.ts';
import type { Repositories } from '../store/store.ts';
import { findRun, runSummary } from './find-run.ts';
import { needers } from './needers.ts';
import { displayName } from './server-plan.ts';
import type { PublishParts } from './types.ts';
import { outcomeOf } from './wait.ts';

/** Runs of the tenant, newest first. */
export async function history(
  store: Pick<Repositories, 'runs'>,
  tenant: string,
  { limit = 20 }: { limit?: number } = {},
): Promise<RunSummary[]> {
  return (await store.runs.list(tenant, limit)).map(runSummary);
}

/** One run with what it changed, field by field, and how far it is at each server. */
export async function runDetail(
  parts: Pick<PublishParts, 'store' | 'delivery'>,
  tenant: string,
  { run: id }: { run: string },
): Promise<RunDetail> {
  const { store } = parts;
  const run = await findRun(store, tenant, id);
  const changes = (await store.runs.changes(tenant, run.id)).filter(({ op }) => op !== 'keep');
  const names = [...new Set(changes.map(({ serverId }) => serverId))].sort();
  const outcome = await outcomeOf(parts, tenant, run.id, { names, waitFor: [] });
  const open = await store.outbox.open(tenant, { runId: run.id });
  const servers = outcome.map((server) => ({
    ...server,
    reasons: open.filter(({ serverId }) => serverId === server.server).flatMap(reasonsOf),
  }));
  return { ...runSummary(run), servers, changes: changes.map((change) => told(change, tenant)) };
}

function reasonsOf({ payload, reason }: OpenItem): { resource: string; message: string }[] {
  const { message } = (reason ?? {}) as { message?: string };
  if (message === undefined) return [];
  return (payload.entries as unknown as WriteEntry[]).map((entry) => ({ resource: nameOf(entry), message }));
}

function told(
  { serverId, type, key, op, before, after, beforeState, afterState }: RunChange,
  tenant: string,
): PlannedChange {
  const body = after ?? before ?? { resourceType: type };
  const states = [afterState, beforeState].flatMap((state) => (state ? [needers(state, tenant)] : []));
  const fields = before && after ? readableChanges(bodyForm(before), bodyForm(after)) : [];
  return {
    ...{ server: serverId, network: states.flat()[0] ?? '', type, key, name: displayName({ body, key }) },
    ...{ op: op as PlannedChange['op'], fields },
  };
}
