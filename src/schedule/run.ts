/** Runs one claimed occasion: keeps its lease, records how it ended. */
import type { Clock } from '../clock.ts';
import { isGatewayError } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import { errorFields, type Log } from '../log.ts';
import { leaseOf, type Claim } from './claim.ts';
import type { Job, ScheduleStore } from './types.ts';

export type RunParts = {
  store: ScheduleStore;
  clock: Clock;
  log: Log;
  leaseMs: number;
  stopping: AbortSignal;
};

/**
 * Never rejects: a job that throws is recorded as failed, and the next occasion comes all the same. A run that lost its
 * lease records nothing (its fence is out of date), nor does one cut short by a stop: it is begun again elsewhere.
 */
export async function runClaim(parts: RunParts, job: Job, claim: Claim): Promise<void> {
  const { store, clock, log, stopping } = parts;
  const ended = new AbortController();
  const lost = new AbortController();
  const beating = keepLease(parts, claim, ended.signal, lost);
  const signal = AbortSignal.any([stopping, lost.signal]);
  try {
    const outcome = await settle(job, { occasion: claim.at, signal, fence: claim.fence });
    const cutShort = outcome.state === 'failed' && signal.aborted;
    if (outcome.state === 'failed')
      log.error('schedule.failed', { job: claim.job, ...errorFields(outcome.error) });
    if (!cutShort) {
      const kept = await store.jobs.finish(claim, outcome.state, outcome.result, new Date(clock.now()));
      if (!kept) log.warn('schedule.fenced', { job: claim.job, at: claim.at.toISOString() });
    }
  } catch (error) {
    log.error('schedule.unrecorded', { job: claim.job, ...errorFields(error) }); // database gone: begun again later
  } finally {
    ended.abort();
    await beating;
    await store.leases.release(leaseOf(claim.job), claim.fence).catch(() => undefined); // else it runs out by itself
  }
}

type Outcome = { state: 'done'; result: Json } | { state: 'failed'; result: Json; error: unknown };

async function settle(job: Job, context: Parameters<Job>[0]): Promise<Outcome> {
  try {
    return { state: 'done', result: (await job(context)) ?? null };
  } catch (error) {
    // only our own messages are known to hold no data
    const result = isGatewayError(error)
      ? { reason: 'error', category: error.category, side: error.side, message: error.message }
      : { reason: 'error', code: String(errorFields(error)['code']) };
    return { state: 'failed', result, error };
  }
}

/** Prolongs the lease three times in its life. Aborts the run when another took it, or when it must have run out. */
async function keepLease(
  { store, clock, log, leaseMs }: RunParts,
  claim: Claim,
  ended: AbortSignal,
  lost: AbortController,
): Promise<void> {
  let kept = clock.now();
  for (;;) {
    await clock.sleep(leaseMs / 3, ended);
    if (ended.aborted) return;
    const renewed = await store.leases.renew(leaseOf(claim.job), claim.fence, leaseMs).catch(() => undefined);
    if (renewed) kept = clock.now();
    if (renewed === false || clock.now() - kept > leaseMs) {
      log.warn('schedule.lease-lost', { job: claim.job, at: claim.at.toISOString() });
      lost.abort();
      return;
    }
  }
}
