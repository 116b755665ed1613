/** What a scheduled job is, and what the scheduler tells of it. */
import type { Json } from '../fhir/types.ts';
import type { Clock, Ids } from '../clock.ts';
import type { ScheduleConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { Occasion } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';

/** One run. It may be begun again by another gateway after a crash, so a job's effects must bear repeating. */
export type Job = (context: JobContext) => Promise<Json>;

export type JobContext = {
  /** When it was due, which may be long ago. */
  occasion: Date;
  /** Aborted when the gateway stops or when another gateway took the run over. */
  signal: AbortSignal;
  /** Number of the lease: a later run has a higher one. */
  fence: number;
};

export type ScheduledJob = ScheduleConfig & {
  paused: boolean;
  /** Next time it is due; null while paused. */
  next: Date | null;
  last: Occasion | null;
};

/** What the scheduler needs of the store. */
export type ScheduleStore = Pick<Store, 'jobs' | 'leases' | 'transaction'>;

export type SchedulerParts = {
  store: ScheduleStore;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Name of this gateway, for people; runs carry it. */
  owner: string;
  jobs: ReadonlyMap<string, Job>;
  schedules: readonly ScheduleConfig[];
  /** How long a run may stay silent before another gateway takes it over. Default: 30 s. */
  leaseMs?: number;
};

export type Scheduler = {
  /** Makes the schedules known, catches up what was missed, then runs each occasion as it falls due. */
  start(): Promise<void>;
  /** No further runs; present ones are aborted and, when they do not end well, left to be begun again. */
  stop(): Promise<void>;
  /** Runs what is due now and resolves when those runs have ended. `start` does this every minute. */
  tick(): Promise<void>;
  list(): Promise<ScheduledJob[]>;
  /** Runs a job at once, here; throws `not-found` or, while it runs anywhere, `conflict`. */
  runNow(name: string): Promise<Occasion>;
  pause(name: string, paused: boolean): Promise<void>;
};
