/** Scheduled jobs and their occasions: one row for each time a job was due, whatever became of it. */
import type { Json } from '../fhir/types.ts';
import type { JobRow, OccasionRow } from './schema.ts';
import type { Db } from './store.ts';
import type { Selectable } from 'kysely';

export type StoredJob = { name: string; cron: string; zone: string; paused: boolean; knownSince: Date };

export type Occasion = {
  job: string;
  at: Date;
  state: OccasionRow['state'];
  /** Asked for by hand; such an occasion does not count as one of the schedule's. */
  manual: boolean;
  /** How often it was begun: more than once when a gateway died meanwhile. */
  attempt: number;
  owner: string;
  fence: number;
  startedAt: Date;
  finishedAt: Date | null;
  result: Json;
};

/** What starting an occasion takes. */
export type OccasionStart = {
  job: string;
  at: Date;
  owner: string;
  fence: number;
  now: Date;
  manual?: boolean;
};

export type JobsRepository = ReturnType<typeof jobsRepository>;

/** Jobs and occasions, on the pool or in a transaction. */
export function jobsRepository(db: Db) {
  const ofJob = (job: string) => db.selectFrom('occasion').selectAll().where('job', '=', job);
  return {
    /** Makes a schedule known. One whose time changed counts as new: its past occasions were never promised. */
    async register(job: { name: string; cron: string; zone: string }, now: Date): Promise<void> {
      await db
        .insertInto('job')
        .values({ ...job, known_since: now })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ cron: job.cron, zone: job.zone, known_since: now })
            .where((eb) => eb.or([eb('job.cron', '!=', job.cron), eb('job.zone', '!=', job.zone)])),
        )
        .execute();
    },

    async get(name: string): Promise<StoredJob | undefined> {
      const row = await db.selectFrom('job').selectAll().where('name', '=', name).executeTakeFirst();
      return row && jobOf(row);
    },

    /** Pauses or resumes; what fell due during a pause is not caught up. False when there is no such job. */
    async pause(name: string, paused: boolean, now: Date): Promise<boolean> {
      const row = await db
        .updateTable('job')
        .set({ paused, ...(paused ? {} : { known_since: now }) })
        .where('name', '=', name)
        .where('paused', '!=', paused)
        .returning('name')
        .executeTakeFirst();
      return row !== undefined || (await this.get(name)) !== undefined;
    },

    /** The latest scheduled occasion that has a row; all up to it are decided. */
    async lastDecided(job: string): Promise<Date | undefined> {
      const row = await ofJob(job)
        .where('manual', '=', false)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.at;
    },

    /** Occasions that somebody began and did not finish, latest first. */
    async unfinished(job: string): Promise<Occasion[]> {
      return (await ofJob(job).where('state', '=', 'running').orderBy('at', 'desc').execute()).map(
        occasionOf,
      );
    },

    /** Begins an occasion; false when it has a row already, so that none ever runs twice. */
    async start({ job, at, owner, fence, now, manual = false }: OccasionStart): Promise<boolean> {
      const row = await db
        .insertInto('occasion')
        .values({ job, at, owner, fence, manual, state: 'running', started_at: now })
        .onConflict((conflict) => conflict.columns(['job', 'at']).doNothing())
        .returning('at')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Begins an unfinished occasion again under a new fence; false when it ended meanwhile. */
    async takeOver(found: Occasion, owner: string, fence: number, now: Date): Promise<boolean> {
      const row = await db
        .updateTable('occasion')
        .set({ owner, fence, started_at: now, attempt: found.attempt + 1 })
        .where('job', '=', found.job)
        .where('at', '=', found.at)
        .where('state', '=', 'running')
        .where('fence', '=', found.fence)
        .returning('at')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Records occasions that will not run, and why; those that have a row keep it. */
    async miss(job: string, ats: readonly Date[], owner: string, now: Date, reason: string): Promise<void> {
      if (ats.length === 0) return;
      const result = JSON.stringify({ reason });
      const row = {
        job,
        owner,
        fence: 0,
        state: 'missed' as const,
        started_at: now,
        finished_at: now,
        result,
      };
      await db
        .insertInto('occasion')
        .values(ats.map((at) => ({ ...row, at })))
        .onConflict((conflict) => conflict.columns(['job', 'at']).doNothing())
        .execute();
    },

    /** Ends an occasion; false when this fence no longer holds it, and then nothing is written. */
    async finish(
      occasion: { job: string; at: Date; fence: number },
      state: 'done' | 'failed',
      result: Json,
      now: Date,
    ): Promise<boolean> {
      const row = await db
        .updateTable('occasion')
        .set({ state, finished_at: now, result: JSON.stringify(result) })
        .where('job', '=', occasion.job)
        .where('at', '=', occasion.at)
        .where('fence', '=', occasion.fence)
        .where('state', '=', 'running')
        .returning('at')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Latest occasions of a job, newest first. */
    async occasions(job: string, limit = 20): Promise<Occasion[]> {
      return (await ofJob(job).orderBy('at', 'desc').limit(limit).execute()).map(occasionOf);
    },
  };
}

function jobOf({ known_since, ...row }: Selectable<JobRow>): StoredJob {
  return { ...row, knownSince: known_since };
}

function occasionOf({ started_at, finished_at, ...row }: Selectable<OccasionRow>): Occasion {
  return { ...row, startedAt: started_at, finishedAt: finished_at };
}
