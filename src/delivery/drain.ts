import type { Clock } from '../clock.ts';
import type { OutboxFilter, Progress } from '../store/outbox.ts';
import type { DeliveryStore } from './port.ts';

/**
 * Resources of the drained items at one server; `waiting` holds those behind something parked, too; the items of
 * `setAside` were superseded by a newer decision meanwhile.
 */
export type Drained = {
  serverId: string;
  written: number;
  parked: number;
  waiting: number;
  setAside: number;
};

/**
 * Waits until everything that matches is delivered, parked, set aside or held back by something parked; or until the
 * signal aborts. Answers how far it came.
 */
export async function drain(
  store: Pick<DeliveryStore, 'outbox'>,
  clock: Clock,
  tenant: string,
  filter: OutboxFilter,
  signal?: AbortSignal,
): Promise<Drained[]> {
  for (;;) {
    const progress = await store.outbox.progress(tenant, filter);
    if (signal?.aborted || !progress.some(isMoving)) return summed(progress);
    await clock.sleep(50, signal);
  }
}

function isMoving({ state, blocked }: Progress): boolean {
  return state === 'sending' || (state === 'queued' && !blocked);
}

function summed(progress: readonly Progress[]): Drained[] {
  const servers = [...new Set(progress.map((part) => part.serverId))];
  return servers.map((serverId) => {
    const count = (...states: string[]): number =>
      progress
        .filter((part) => part.serverId === serverId && states.includes(part.state))
        .reduce((sum, part) => sum + part.resources, 0);
    return {
      serverId,
      written: count('delivered'),
      parked: count('parked'),
      waiting: count('queued', 'sending'),
      setAside: count('superseded'),
    };
  });
}
