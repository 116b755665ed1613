/** A gateway that begins a run, says so and never ends it: for being killed. `node killed-gateway.ts DATABASE_URL CRON` */
import { systemClock, systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { createScheduler } from '../../src/schedule/scheduler.ts';
import { openStore } from '../../src/store/store.ts';

const scheduler = createScheduler({
  store: openStore(process.argv[2]!),
  clock: systemClock,
  ids: systemIds,
  log: createLog('silent'),
  owner: 'killed',
  leaseMs: 500,
  jobs: new Map([
    [
      'reconcile',
      () => {
        process.stdout.write('running\n');
        return new Promise<null>(() => undefined);
      },
    ],
  ]),
  schedules: [{ job: 'reconcile', cron: process.argv[3]!, zone: 'UTC' }],
});
await scheduler.start();
