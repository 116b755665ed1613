import type { RunDetail } from '../operations.ts';
import type { PublishParts } from './types.ts';

/**
 * Waits for a run's items at the servers of `waitFor` (default one minute in all), then says how far every server of
 * `names` is.
 */
export async function outcomeOf(
  { delivery }: Pick<PublishParts, 'delivery'>,
  tenant: string,
  runId: string,
  {
    names,
    waitFor,
    waitMs = 60_000,
  }: { names: readonly string[]; waitFor: readonly string[]; waitMs?: number },
): Promise<Omit<RunDetail['servers'][number], 'reasons'>[]> {
  const patience = AbortSignal.timeout(waitMs);
  for (const serverId of waitFor) await delivery.drain(tenant, { runId, serverId }, patience);
  const drained = await delivery.drain(tenant, { runId }, AbortSignal.abort());
  return names.map((server) => {
    const found = drained.find((one) => one.serverId === server);
    const { written = 0, parked = 0, waiting = 0, setAside = 0 } = found ?? {};
    return { server, written, parked, waiting, setAside };
  });
}
