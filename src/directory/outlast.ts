import { isGatewayError } from '../fhir/error.ts';
import type { SyncParts } from './sync-parts.ts';

/** Pauses before each further attempt, ms: together less than a source's lease lasts without its database. */
const pausesMs = [1000, 2000, 4000, 8000, 15_000, 20_000];
/** A refusal that asks for more than this (a full disk) does not end by waiting. */
const shortMs = 10_000;

/**
 * Does work that can be gone on with again while the database is away for a moment: restarted, switched over, killed.
 * Throws what the last attempt threw; anything else at once.
 */
export async function outlast<T>(
  { clock, log }: Pick<SyncParts, 'clock' | 'log'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pause = pausesMs[attempt];
      if (pause === undefined || signal.aborted || !isAway(error)) throw error;
      log.warn('directory.database-away', { attempt: attempt + 1 });
      await clock.sleep(pause, signal);
      if (signal.aborted) throw error;
    }
  }
}

function isAway(error: unknown): boolean {
  return (
    isGatewayError(error) &&
    error.category === 'unavailable' &&
    error.side === 'gateway' &&
    error.retryable &&
    (error.retryAfterMs ?? Infinity) <= shortMs
  );
}
