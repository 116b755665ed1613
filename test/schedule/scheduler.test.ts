import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { createLog } from '../../src/log.ts';
import { createScheduler } from '../../src/schedule/scheduler.ts';
import type { Job, Scheduler, SchedulerParts } from '../../src/schedule/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { virtualClock, type VirtualClock } from './virtual-clock.ts';

const nightly = { job: 'reconcile', cron: '30 2 * * *', zone: 'Europe/Paris' };

describe('the scheduler', () => {
  let database: TestDatabase;
  let clock: VirtualClock;
  let runs: string[];
  let schedulers: Scheduler[];

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    for (const table of ['job', 'occasion', 'lease'] as const)
      await database.store.db.deleteFrom(table).execute();
    clock = virtualClock('2026-05-04T12:00Z');
    runs = [];
    schedulers = [];
  });

  afterEach(async () => {
    for (const scheduler of schedulers) await scheduler.stop();
  });

  const record: Job = async ({ occasion }) => {
    runs.push(occasion.toISOString());
    return { checked: 3 };
  };

  /** A gateway whose schedules are known; the test ticks instead of the minute. */
  async function gateway(job: Job = record, other: Partial<SchedulerParts> = {}): Promise<Scheduler> {
    const scheduler = unstarted(job, other);
    await scheduler.start();
    await scheduler.tick();
    return scheduler;
  }

  /** A gateway that was not started: it finds the schedules of an earlier one. */
  function unstarted(job: Job, other: Partial<SchedulerParts> = {}): Scheduler {
    const scheduler = createScheduler({
      store: database.store,
      clock,
      ids: systemIds,
      log: createLog('silent'),
      owner: 'gateway',
      jobs: new Map([['reconcile', job]]),
      schedules: [nightly],
      ...other,
    });
    schedulers.push(scheduler);
    return scheduler;
  }

  async function recorded(): Promise<[string, string][]> {
    const found = await database.store.jobs.occasions('reconcile', 200);
    return found.map(({ at, state }): [string, string] => [at.toISOString(), state]).reverse();
  }

  /** The latest occasion once it has ended: the tick of a start may still be at it. */
  async function ended() {
    for (;;) {
      const [latest] = await database.store.jobs.occasions('reconcile', 1);
      if (latest?.state !== 'running') return latest;
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  /** A job that runs until it is let go or its signal aborts. */
  function held() {
    let began = (): void => undefined;
    let letGo = (): void => undefined;
    const started = new Promise<void>((resolve) => (began = resolve));
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const job: Job = async (context) => {
      await record(context);
      began();
      await Promise.race([
        released,
        new Promise((_, reject) =>
          context.signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
      ]);
      return null;
    };
    return { job, started, letGo: () => letGo() };
  }

  it('runs nothing before its first occasion, then each occasion once', async () => {
    const scheduler = await gateway();
    expect(runs).toEqual([]);
    clock.set('2026-05-05T00:30Z');
    await scheduler.tick();
    await scheduler.tick();
    clock.set('2026-05-06T00:31Z');
    await scheduler.tick();
    expect(runs).toEqual(['2026-05-05T00:30:00.000Z', '2026-05-06T00:30:00.000Z']);
    expect(await recorded()).toEqual(runs.map((at) => [at, 'done']));
  });

  it('runs each occasion in one of two gateways', async () => {
    const both = [await gateway(), await gateway()];
    for (let day = 5; day < 15; day += 1) {
      clock.set(`2026-05-${String(day).padStart(2, '0')}T00:30Z`);
      await Promise.all(both.map((one) => one.tick()));
    }
    expect(runs).toHaveLength(10);
    expect(new Set(runs).size).toBe(10);
  });

  it('catches up the latest missed night once, and records the older ones as missed', async () => {
    await (await gateway()).stop();
    clock.set('2026-05-07T09:00Z');
    await gateway();
    await gateway();
    expect(await recorded()).toEqual([
      ['2026-05-05T00:30:00.000Z', 'missed'],
      ['2026-05-06T00:30:00.000Z', 'missed'],
      ['2026-05-07T00:30:00.000Z', 'done'],
    ]);
    expect(runs).toEqual(['2026-05-07T00:30:00.000Z']);
  });

  it('catches up nothing from before a schedule was known or had its present time', async () => {
    const first = await gateway();
    clock.set('2026-05-05T09:00Z');
    await first.stop();
    await gateway(record, { schedules: [{ ...nightly, cron: '0 4 * * *' }] });
    expect(runs).toEqual([]);
  });

  it('runs no occasion twice when the clock is set back', async () => {
    const scheduler = await gateway();
    clock.set('2026-05-05T00:45Z');
    await scheduler.tick();
    clock.set('2026-05-04T23:50Z');
    await scheduler.tick();
    clock.set('2026-05-05T00:30Z');
    await scheduler.tick();
    expect(runs).toEqual(['2026-05-05T00:30:00.000Z']);
  });

  it('runs once in each of the nights when clocks are moved (P-34)', async () => {
    clock.set('2026-03-28T12:00Z');
    const scheduler = await gateway();
    for (let minute = 0; minute < 24 * 60; minute += 15) {
      clock.advance(15 * 60_000);
      await scheduler.tick();
    }
    clock.set('2026-10-24T12:00Z');
    await database.store.jobs.pause('reconcile', true, new Date(clock.now()));
    await database.store.jobs.pause('reconcile', false, new Date(clock.now()));
    for (let minute = 0; minute < 24 * 60; minute += 15) {
      clock.advance(15 * 60_000);
      await scheduler.tick();
    }
    expect(runs).toEqual(['2026-03-29T01:30:00.000Z', '2026-10-25T00:30:00.000Z']);
  });

  it('records an occasion that falls into a run as missed by overlap', async () => {
    const { job, started, letGo } = held();
    const scheduler = await gateway(job);
    clock.set('2026-05-05T00:30Z');
    const long = scheduler.tick();
    await started;
    clock.set('2026-05-06T00:30Z');
    await scheduler.tick();
    letGo();
    await long;
    await scheduler.tick();
    expect(await recorded()).toEqual([
      ['2026-05-05T00:30:00.000Z', 'done'],
      ['2026-05-06T00:30:00.000Z', 'missed'],
    ]);
    expect((await database.store.jobs.occasions('reconcile', 1))[0]?.result).toEqual({ reason: 'overlap' });
  });

  it('records a job that throws as failed, without its words, and lives on', async () => {
    const failing: Job = async ({ occasion }) => {
      if (runs.length === 0) {
        runs.push('failed');
        throw new Error('Patient Lecanari not found');
      }
      return record({ occasion } as Parameters<Job>[0]);
    };
    const scheduler = await gateway(failing);
    clock.set('2026-05-05T00:30Z');
    await scheduler.tick();
    const [failed] = await database.store.jobs.occasions('reconcile', 1);
    expect(failed).toMatchObject({ state: 'failed', result: { reason: 'error', code: 'Error' } });
    expect(JSON.stringify(failed)).not.toContain('Lecanari');
    clock.set('2026-05-06T00:30Z');
    await scheduler.tick();
    expect(runs.at(-1)).toBe('2026-05-06T00:30:00.000Z');
  });

  it('keeps the words of our own errors, which hold no data', async () => {
    const failing: Job = async () => {
      throw new GatewayError({ category: 'unavailable', side: 'server', message: 'Serveur injoignable.' });
    };
    const scheduler = await gateway(failing);
    expect(await scheduler.runNow('reconcile')).toMatchObject({
      state: 'failed',
      result: { category: 'unavailable', side: 'server', message: 'Serveur injoignable.' },
    });
  });

  it('runs nothing while paused and does not catch that time up', async () => {
    const scheduler = await gateway();
    await scheduler.pause('reconcile', true);
    clock.set('2026-05-06T09:00Z');
    await scheduler.tick();
    expect(await scheduler.list()).toMatchObject([
      { job: 'reconcile', paused: true, next: null, last: null },
    ]);
    await scheduler.pause('reconcile', false);
    await scheduler.tick();
    expect(runs).toEqual([]);
    clock.set('2026-05-07T00:30Z');
    await scheduler.tick();
    expect(runs).toEqual(['2026-05-07T00:30:00.000Z']);
  });

  it('runs a job by hand without using up a scheduled occasion', async () => {
    const scheduler = await gateway();
    clock.set('2026-05-05T00:31Z');
    expect(await scheduler.runNow('reconcile')).toMatchObject({
      state: 'done',
      manual: true,
      result: { checked: 3 },
      at: new Date('2026-05-05T00:31Z'),
    });
    await scheduler.tick();
    expect(runs).toEqual(['2026-05-05T00:31:00.000Z', '2026-05-05T00:30:00.000Z']);
  });

  it('refuses to run by hand what runs already, and what it does not know', async () => {
    const { job, started, letGo } = held();
    const [first, second] = [await gateway(job), await gateway(job)];
    const long = first.runNow('reconcile');
    await started;
    await expect(second.runNow('reconcile')).rejects.toMatchObject({ category: 'conflict', retryable: true });
    letGo();
    await long;
    await expect(first.runNow('unknown')).rejects.toMatchObject({ category: 'not-found' });
    await expect(first.pause('unknown', true)).rejects.toMatchObject({ category: 'not-found' });
  });

  it('lists each job with its next time and how it last ended', async () => {
    const scheduler = await gateway();
    clock.set('2026-05-05T00:30Z');
    await scheduler.tick();
    expect(await scheduler.list()).toMatchObject([
      {
        job: 'reconcile',
        next: new Date('2026-05-06T00:30Z'),
        last: { state: 'done', attempt: 1, manual: false, result: { checked: 3 } },
      },
    ]);
  });

  it('lets another gateway take over from one that fell silent, and aborts and fences that one', async () => {
    const { job, started } = held();
    const silent = await gateway(job);
    const other = await gateway();
    clock.set('2026-05-05T00:30Z');
    const long = silent.tick();
    await started;
    await database.store.db
      .updateTable('lease')
      .set({ until: new Date(0) })
      .execute();
    await other.tick();
    clock.advance(10_000);
    await long;
    const occasion = await ended();
    expect(runs).toEqual(['2026-05-05T00:30:00.000Z', '2026-05-05T00:30:00.000Z']);
    expect(occasion).toMatchObject({ state: 'done', attempt: 2, fence: 2, result: { checked: 3 } });
  });

  it('gives a run that outlives its lease no word in the outcome (fencing)', async () => {
    const { job: deaf, started, letGo } = held();
    const silent = await gateway(({ occasion, fence }) =>
      deaf({ occasion, fence, signal: new AbortController().signal }),
    );
    const other = await gateway(async () => ({ by: 'other' }));
    clock.set('2026-05-05T00:30Z');
    const long = silent.tick();
    await started;
    await database.store.db
      .updateTable('lease')
      .set({ until: new Date(0) })
      .execute();
    await other.tick();
    await ended();
    letGo();
    await long;
    expect((await ended())?.result).toEqual({ by: 'other' });
  });

  it('begins a run again that a stop cut short', async () => {
    const { job, started } = held();
    const scheduler = await gateway(job);
    clock.set('2026-05-05T00:30Z');
    const long = scheduler.tick();
    await started;
    await scheduler.stop();
    await long;
    expect(await recorded()).toEqual([['2026-05-05T00:30:00.000Z', 'running']]);
    await gateway();
    expect(await ended()).toMatchObject({ state: 'done', attempt: 2 });
  });

  it('gives up a run that was begun three times and never ended', async () => {
    await (await gateway()).stop();
    clock.set('2026-05-05T00:30Z');
    for (let life = 0; life < 4; life += 1) {
      const { job, started } = held();
      const scheduler = unstarted(job);
      const long = scheduler.tick();
      await Promise.race([started, long]);
      await scheduler.stop();
      await long;
    }
    const [occasion] = await database.store.jobs.occasions('reconcile');
    expect(occasion).toMatchObject({ state: 'failed', attempt: 3, result: { reason: 'interrupted' } });
    expect(runs).toHaveLength(3);
  });

  it('keeps its lease while a run lasts', async () => {
    const { job, started, letGo } = held();
    const scheduler = await gateway(job);
    clock.set('2026-05-05T00:30Z');
    const long = scheduler.tick();
    await started;
    const before = await leaseUntil();
    clock.advance(10_000);
    while ((await leaseUntil()).getTime() === before.getTime())
      await new Promise((done) => setTimeout(done, 5));
    letGo();
    await long;
    expect(await recorded()).toEqual([['2026-05-05T00:30:00.000Z', 'done']]);
  });

  async function leaseUntil(): Promise<Date> {
    return (await database.store.db.selectFrom('lease').select('until').executeTakeFirstOrThrow()).until;
  }

  it('refuses a schedule of an unknown job, and two of the same', async () => {
    await expect(gateway(record, { schedules: [{ ...nightly, job: 'reconcil' }] })).rejects.toMatchObject({
      category: 'invalid',
      message: expect.stringContaining('travaux possibles : reconcile'),
    });
    await expect(gateway(record, { schedules: [nightly, nightly] })).rejects.toMatchObject({
      category: 'invalid',
    });
  });
});
