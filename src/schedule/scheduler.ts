/** The scheduler: each minute it looks what is due, and at its start what was missed. */
import { schedule as everyTick, type ScheduledTask } from 'node-cron';
import type { ScheduleConfig } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import { errorFields } from '../log.ts';
import type { Occasion } from '../store/jobs.ts';
import { claimDue, leaseOf, type Claim } from './claim.ts';
import { compileCalendar, type Calendar } from './occasions.ts';
import { runClaim } from './run.ts';
import type { Job, ScheduledJob, Scheduler, SchedulerParts } from './types.ts';

const defaultLeaseMs = 30_000;
const stopMs = 1000;

type Entry = { schedule: ScheduleConfig; job: Job; calendar: Calendar };

/** Compiles the schedules; throws a GatewayError (`invalid`, French) for a wrong one or one of an unknown job. */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const { store, clock, ids, log, schedules, leaseMs = defaultLeaseMs } = parts;
  const entries = compileSchedules(schedules, parts.jobs);
  const claimant = { owner: `${parts.owner}/${ids.uuid()}`, leaseMs }; // an earlier life of this gateway is another owner
  const stopping = new AbortController();
  const underway = new Set<Promise<void>>(); // decisions and runs: a stop waits for both
  let ticking: ScheduledTask | undefined;
  const now = () => new Date(clock.now());

  const entryNamed = (name: string): Entry => {
    const entry = entries.get(name);
    if (!entry) {
      const known = [...entries.keys()].join(', ') || 'aucun';
      const message = `Aucun travail planifié « ${name} ». Ceux de la configuration (schedules) : ${known}.`;
      throw failure('not-found', message);
    }
    return entry;
  };

  const until = async (ended: Promise<void>): Promise<void> => {
    underway.add(ended);
    await ended.finally(() => underway.delete(ended));
  };

  const run = (entry: Entry, claim: Claim): Promise<void> =>
    until(runClaim({ store, clock, log, leaseMs, stopping: stopping.signal }, entry.job, claim));

  const runIfDue = async (entry: Entry): Promise<void> => {
    try {
      const claim = await claimDue(store, entry.schedule.job, entry.calendar, claimant, now());
      if (claim) await run(entry, claim);
    } catch (error) {
      log.error('schedule.undecided', { job: entry.schedule.job, ...errorFields(error) }); // the next tick decides
    }
  };

  const tick = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    await Promise.all([...entries.values()].map((entry) => until(runIfDue(entry))));
  };

  const latest = async (name: string): Promise<Occasion | null> =>
    (await store.jobs.occasions(name, 1))[0] ?? null;

  return {
    tick,

    async start() {
      for (const { schedule } of entries.values()) {
        await store.jobs.register({ name: schedule.job, cron: schedule.cron, zone: schedule.zone }, now());
      }
      const silent = { info: ignore, warn: ignore, error: ignore, debug: ignore };
      ticking = everyTick('* * * * *', () => void tick(), { timezone: 'UTC', logger: silent });
      void tick();
    },

    async stop() {
      await ticking?.destroy();
      stopping.abort();
      const patience = new AbortController();
      await Promise.race([Promise.all(underway), clock.sleep(stopMs, patience.signal)]);
      patience.abort();
    },

    async list() {
      return Promise.all(
        [...entries.values()].map(async ({ schedule, calendar }): Promise<ScheduledJob> => {
          const stored = await store.jobs.get(schedule.job);
          const paused = stored?.paused ?? false;
          const next = paused ? null : (calendar.next(now()) ?? null);
          return { ...schedule, paused, next, last: await latest(schedule.job) };
        }),
      );
    },

    async runNow(name) {
      const entry = entryNamed(name);
      const at = now();
      const claim = await store.transaction(async ({ jobs, leases }): Promise<Claim | undefined> => {
        const fence = await leases.acquire(leaseOf(name), claimant.owner, leaseMs);
        if (fence === undefined) return undefined;
        const begun = await jobs.start({
          job: name,
          at,
          owner: claimant.owner,
          fence,
          now: at,
          manual: true,
        });
        if (begun) return { job: name, at, fence };
        await leases.release(leaseOf(name), fence); // a run has this very instant already
        return undefined;
      });
      if (!claim) throw failure('conflict', `Le travail « ${name} » est déjà en cours.`);
      await run(entry, claim);
      const found = (await store.jobs.occasions(name)).find((one) => one.at.getTime() === at.getTime());
      if (!found) throw failure('fault', `Le passage de « ${name} » n’a pas été retrouvé.`);
      return found;
    },

    async pause(name, paused) {
      entryNamed(name);
      if (!(await store.jobs.pause(name, paused, now()))) {
        throw failure(
          'not-found',
          `Le travail « ${name} » n’a pas encore été planifié : démarrez la passerelle.`,
        );
      }
    },
  };
}

/** The entries of a configuration, by job; throws a GatewayError for an unknown job, an hour that is none, a job told twice. */
export function compileSchedules(
  schedules: readonly ScheduleConfig[],
  jobs: ReadonlyMap<string, Job>,
): ReadonlyMap<string, Entry> {
  const entries = new Map(schedules.map((schedule) => [schedule.job, entryOf(schedule, jobs)]));
  if (entries.size < schedules.length)
    throw failure('invalid', 'Un travail planifié n’a qu’un seul horaire.');
  return entries;
}

function entryOf(schedule: ScheduleConfig, jobs: ReadonlyMap<string, Job>): Entry {
  const job = jobs.get(schedule.job);
  if (!job) {
    const known = [...jobs.keys()].join(', ');
    throw failure('invalid', `Travail planifié « ${schedule.job} » inconnu ; travaux possibles : ${known}.`);
  }
  return { schedule, job, calendar: compileCalendar(schedule.cron, schedule.zone) };
}

function failure(category: 'not-found' | 'conflict' | 'invalid' | 'fault', message: string): GatewayError {
  return new GatewayError({ category, side: 'gateway', retryable: category === 'conflict', message });
}

function ignore(): void {
  // node-cron's own messages: what it says of a late tick is told by our occasions
}
