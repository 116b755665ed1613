import { GatewayError } from '../fhir/error.ts';
import type { RunSummary } from '../operations.ts';
import type { Run } from '../store/runs.ts';
import type { Repositories } from '../store/store.ts';

/** The run that an id, or its beginning, names. Throws `not-found` or `ambiguous`. */
export async function findRun(store: Pick<Repositories, 'runs'>, tenant: string, id: string): Promise<Run> {
  const [run, another] = await store.runs.startingWith(tenant, id);
  if (run && (!another || run.id === id)) return run;
  const found = run !== undefined;
  throw new GatewayError({
    category: found ? 'ambiguous' : 'not-found',
    side: 'sender',
    message: found
      ? `Plusieurs passages commencent par « ${id} » : donner plus de caractères (« passerelle history »).`
      : `Passage inconnu : « ${id} ». « passerelle history » les montre.`,
  });
}

/** A run as people are told of it. */
export function runSummary({ id, kind, status, actor, startedAt, finishedAt, summary }: Run): RunSummary {
  return {
    ...{ id, kind, status, actor, summary, startedAt: startedAt.toISOString() },
    ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
  };
}
