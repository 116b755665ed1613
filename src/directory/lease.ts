import { GatewayError } from '../fhir/error.ts';
import type { Repositories } from '../store/store.ts';
import type { SyncLease, SyncParts } from './sync-parts.ts';

/** How long a source stays held by a gateway that died. */
const leaseMs = 60_000;

/**
 * Does `work` while this process alone synchronises the source: the lease is prolonged meanwhile, and the signal aborts
 * when it is lost. Throws `conflict` (retryable) while another holds it.
 */
export async function withLease<T>(
  { store, clock, log, owner }: SyncParts,
  source: string,
  stop: AbortSignal,
  work: (lease: SyncLease, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const name = `directory:${source}`;
  const fence = await store.leases.acquire(name, owner, leaseMs);
  if (fence === undefined)
    throw new GatewayError({
      category: 'conflict',
      side: 'gateway',
      message: `« ${source} » est déjà en cours de synchronisation : attendre sa fin, puis relancer.`,
    });
  const ended = new AbortController();
  const lost = new AbortController();
  const beating = beat();
  try {
    return await work({ name, fence }, AbortSignal.any([stop, lost.signal]));
  } finally {
    ended.abort();
    await beating;
    await store.leases.release(name, fence).catch(() => undefined); // else it runs out by itself
  }

  async function beat(): Promise<void> {
    for (let kept = clock.now(); ;) {
      await clock.sleep(leaseMs / 3, ended.signal);
      if (ended.signal.aborted) return;
      const renewed = await store.leases.renew(name, fence!, leaseMs).catch(() => undefined);
      if (renewed) kept = clock.now();
      else if (renewed === false || clock.now() - kept > leaseMs) {
        log.warn('directory.lease-lost', { job: name });
        return lost.abort();
      }
    }
  }
}

/** Throws when the lease is another's; until the transaction ends nobody else can take it. */
export async function requireLease(tx: Repositories, lease: SyncLease): Promise<void> {
  if (await tx.directoryRuns.holds(lease)) return;
  throw new GatewayError({
    category: 'conflict',
    side: 'gateway',
    message: 'Une autre passerelle a repris cette synchronisation.',
  });
}
