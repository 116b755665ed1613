import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock, systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { createScheduler } from '../../src/schedule/scheduler.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('a run whose gateway is killed', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.close());

  it('is begun again by another gateway once its lease has run out, and ends once', async () => {
    const name = 'reconcile';
    const due = new Date(systemClock.now() - 12 * 3_600_000); // far from the next and the one before
    const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
    const yesterday = new Date(systemClock.now() - 24 * 3_600_000);
    await database.store.jobs.register({ name, cron, zone: 'UTC' }, yesterday);
    const program = new URL('./killed-gateway.ts', import.meta.url).pathname;
    const killed = spawn(process.execPath, [program, database.url, cron], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect((await database.store.jobs.unfinished(name)).map(({ attempt }) => attempt)).toEqual([1]);

    const scheduler = createScheduler({
      store: database.store,
      clock: systemClock,
      ids: systemIds,
      log: createLog('silent'),
      owner: 'survivor',
      jobs: new Map([[name, async () => ({ ran: true })]]),
      schedules: [{ job: name, cron, zone: 'UTC' }],
    });
    while ((await database.store.jobs.unfinished(name)).length) await scheduler.tick();
    const done = (await database.store.jobs.occasions(name)).filter(({ state }) => state === 'done');
    expect(done).toMatchObject([{ attempt: 2, result: { ran: true } }]);
    await scheduler.stop();
  });
});
