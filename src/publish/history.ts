import type { RunSummary } from '../operations.ts';
import type { Repositories } from '../store/store.ts';

/** Runs of the tenant, newest first. */
export async function history(
  store: Pick<Repositories, 'runs'>,
  tenant: string,
  { limit = 20 }: { limit?: number } = {},
): Promise<RunSummary[]> {
  const runs = await store.runs.list(tenant, limit);
  return runs.map(({ id, kind, status, actor, startedAt, finishedAt, summary }) => ({
    ...{ id, kind, status, actor, summary, startedAt: startedAt.toISOString() },
    ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
  }));
}
