/** Decides, in one transaction, what of a schedule is to run here now: of several gateways one gets it. */
import type { Occasion } from '../store/jobs.ts';
import type { Repositories } from '../store/store.ts';
import type { Calendar } from './occasions.ts';
import type { ScheduleStore } from './types.ts';
import { dayMs } from '../fhir/zone.ts';

/** The right to run one occasion. */
export type Claim = { job: string; at: Date; fence: number };

export type Claimant = { owner: string; leaseMs: number };

const catchUpMs = 32 * dayMs; // a monthly job is still caught up
const mostMissed = 100; // older ones of a frequent job get no row
const mostAttempts = 3; // a run that kills its gateway must not kill it for ever

/** Name of the lease of a job. */
export const leaseOf = (job: string): string => `job/${job}`;

/**
 * The latest occasion that is due and has no row; older ones are recorded as missed. While the job runs, here or
 * elsewhere, due occasions are recorded as missed by overlap. A run that was left unfinished is begun again, unless a
 * newer occasion is due or it was begun too often.
 */
export async function claimDue(
  store: ScheduleStore,
  name: string,
  calendar: Calendar,
  claimant: Claimant,
  now: Date,
): Promise<Claim | undefined> {
  return store.transaction(async ({ jobs, leases }) => {
    const job = await jobs.get(name);
    if (!job || job.paused) return undefined;
    const decided = await jobs.lastDecided(name);
    const from = Math.max(job.knownSince.getTime(), decided?.getTime() ?? 0, now.getTime() - catchUpMs);
    const due = calendar.between(new Date(from), now);
    const unfinished = await jobs.unfinished(name);
    if (due.length === 0 && unfinished.length === 0) return undefined;

    const fence = await leases.acquire(leaseOf(name), claimant.owner, claimant.leaseMs);
    if (fence === undefined) {
      await jobs.miss(name, due.slice(-mostMissed), claimant.owner, now, 'overlap');
      return undefined;
    }
    const again = await settleUnfinished(jobs, unfinished, due.length === 0, { ...claimant, fence }, now);
    if (again) return { job: name, at: again.at, fence };
    const latest = due.at(-1);
    if (latest) {
      await jobs.miss(name, due.slice(-1 - mostMissed, -1), claimant.owner, now, 'down');
      if (await jobs.start({ job: name, at: latest, owner: claimant.owner, fence, now })) {
        return { job: name, at: latest, fence };
      }
    }
    await leases.release(leaseOf(name), fence); // another gateway ran it between our look and our lease
    return undefined;
  });
}

async function settleUnfinished(
  jobs: Repositories['jobs'],
  unfinished: readonly Occasion[],
  mayRunAgain: boolean,
  holder: Claimant & { fence: number },
  now: Date,
): Promise<Occasion | undefined> {
  let again: Occasion | undefined;
  for (const found of unfinished) {
    const wanted = mayRunAgain && !again && found.attempt < mostAttempts;
    if (wanted && (await jobs.takeOver(found, holder.owner, holder.fence, now))) again = found;
    else await jobs.finish(found, 'failed', { reason: 'interrupted' }, now);
  }
  return again;
}
