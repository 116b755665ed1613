import { defaultPolicy } from '../delivery/policy.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import type { ApplyResult } from '../operations.ts';
import { publishKind } from './effect.ts';
import { findRun } from './find-run.ts';
import type { PublishParts } from './types.ts';
import { outcomeOf } from './wait.ts';

/**
 * Finishes exactly what is left of a run: what was set aside is sent again, what still waits is waited for. Nothing is
 * planned anew. Throws `not-found`, or `unprocessable` for a run that publishes nothing.
 */
export async function resume(
  parts: PublishParts,
  tenant: string,
  { run: id, waitMs }: { run: string; waitMs?: number },
): Promise<Omit<ApplyResult, 'plan'>> {
  const { store, clock, delivery } = parts;
  const run = await findRun(store, tenant, id);
  if (run.kind !== 'apply' && run.kind !== 'rollback')
    throw new GatewayError({
      category: 'unprocessable',
      side: 'sender',
      message: 'Ce passage n’est pas une publication : il n’y a rien à reprendre.',
    });
  const now = clock.now();
  const left = { runId: run.id, kind: publishKind, subject: 'publication' };
  await store.outbox.resume(tenant, left, new Date(now), new Date(now + defaultPolicy.ttlMs));
  delivery.wake();
  const names = [...new Set((await store.runs.changes(tenant, run.id)).map((one) => one.serverId))].sort();
  const timing = waitMs === undefined ? {} : { waitMs };
  const servers = await outcomeOf(parts, tenant, run.id, { names, waitFor: names, ...timing });
  const open = servers.some(({ parked, waiting, setAside }) => parked + waiting + setAside > 0);
  const told = servers.map(({ setAside: _setAside, ...server }) => server);
  const summary = { ...(run.summary as object), servers: told } as unknown as Json;
  const finishedAt = new Date(clock.now());
  await store.runs.finish(tenant, run.id, { status: open ? 'partial' : 'done', summary, finishedAt });
  return { run: run.id, servers: told };
}
