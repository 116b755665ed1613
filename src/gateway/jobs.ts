/** Scheduled jobs. Adding one: a line here, and an entry under `schedules:` in the configuration. */
import type { Json } from '../fhir/types.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ScheduleConfig } from '../config.ts';
import { compileSchedules } from '../schedule/scheduler.ts';
import type { Job } from '../schedule/types.ts';
import type { Parts } from './parts.ts';
import { probeServers } from './probe.ts';
import { createOperations } from './operations.ts';

const actor = 'schedule';

/** Jobs by name; each may be begun again after a crash, so each bears repeating. */
export function createJobs(parts: () => Parts): ReadonlyMap<string, Job> {
  const told = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
  return new Map<string, Job>([
    [
      'publish',
      async () => {
        const { run, servers } = await createOperations(parts(), actor).apply({});
        return told({ run, servers });
      },
    ],
    [
      'reconcile',
      async () => {
        const { config } = parts();
        const result = await reconcile(parts(), { tenant: config.tenant, actor }, {});
        const { run, servers, drift, clinical, repaired } = result;
        return told({ run, servers, drift: drift.length, clinical: clinical.length, repaired });
      },
    ],
    [
      'repair',
      async () => {
        const { config } = parts();
        const result = await reconcile(parts(), { tenant: config.tenant, actor }, { repair: true });
        return told({ run: result.run, drift: result.drift.length, repaired: result.repaired });
      },
    ],
    [
      'follow',
      async () => {
        const { config, exchanges, delivery } = parts();
        const followed = await exchanges.follow(config.tenant);
        const collected = await exchanges.collect(config.tenant);
        delivery.wake();
        return told({ ...followed, collected });
      },
    ],
    [
      'watch',
      async () => {
        const { config, exchanges } = parts();
        return told(await exchanges.watch(config.tenant));
      },
    ],
    [
      'match',
      async () => {
        const { ruleVersion, matches, findings } = await createOperations(parts(), actor).directoryMatch({});
        return told({ ruleVersion, matches: matches.length, findings: findings.length });
      },
    ],
    [
      'sync',
      async ({ signal }) => {
        const outcomes = await parts().directory.run({}, actor, signal);
        return told(
          outcomes.map((outcome) =>
            'run' in outcome
              ? { source: outcome.source, run: outcome.run.run, status: outcome.run.status }
              : { source: outcome.source, error: outcome.error.message },
          ),
        );
      },
    ],
    ['probe', async () => told(await probeServers(parts(), [...parts().servers.keys()]))],
  ]);
}

/** Throws the GatewayError that the gateway would start with: an unknown job, an hour that is none. Runs nothing. */
export function checkSchedules(schedules: readonly ScheduleConfig[]): void {
  const neverRun = (): never => {
    throw new Error('these jobs are only named');
  };
  compileSchedules(schedules, createJobs(neverRun));
}
