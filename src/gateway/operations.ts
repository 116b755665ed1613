/** What a running gateway can be asked to do, in terms of the rooms; the command line and the admin endpoint call this. */
import type { Operations } from '../operations.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { Parts } from './parts.ts';
import { documentOperations } from './document-operations.ts';
import { directoryQueries } from './directory-queries.ts';
import { directoryReportOperations } from './directory-reports.ts';
import { examine } from './doctor.ts';
import { findingOperations } from './finding-operations.ts';
import { matchOperations } from './match-operations.ts';
import { nearestOperation } from './nearest-operation.ts';
import { probeServers } from './probe.ts';
import { proposeOperation } from './propose-operation.ts';
import { publishOperations } from './publish-operations.ts';
import { requireServer } from './require.ts';
import { syncOperations } from './sync-operations.ts';
import { referralOperations } from './referral-operations.ts';
import { statisticsOperation } from './statistics-operation.ts';

/** Operations over an assembled gateway; `actor` is who is told in runs. */
export function createOperations(parts: Parts, actor = 'operator'): Operations {
  const { config, store } = parts;
  const { tenant } = config;
  const nearest = nearestOperation(parts);

  return {
    ...referralOperations(parts, actor),
    ...statisticsOperation(parts),
    ...documentOperations(parts),

    ...publishOperations(parts, actor),
    ...directoryQueries(parts),
    ...matchOperations(parts, actor),
    ...findingOperations(parts, actor),
    ...nearest,
    ...proposeOperation(parts, nearest),
    ...syncOperations(parts, actor),
    ...directoryReportOperations(parts),
    async reconcile(args) {
      requireServer(parts, args.server);
      return reconcile(parts, { tenant, actor }, args);
    },

    async serverList() {
      const probes = await store.probes.list();
      return config.servers.map(({ id, name, base, auth, ids }) => {
        const probe = probes.find(({ serverId }) => serverId === id);
        return {
          id,
          name,
          base,
          auth: auth.kind,
          ids,
          reachable: probe?.ok ?? null,
          probedAt: probe?.at ?? null,
        };
      });
    },

    async serverProbe({ id }) {
      requireServer(parts, id);
      return probeServers(parts, id === undefined ? [...parts.servers.keys()] : [id]);
    },

    async scheduleList() {
      const jobs = await parts.scheduler.list();
      return jobs.map(({ next, last, ...job }) => ({
        ...job,
        next: next?.toISOString() ?? '',
        last: last ? `${last.at.toISOString()} ${last.state}` : 'jamais',
      }));
    },

    async scheduleRun({ job }) {
      const { at, state, result } = await parts.scheduler.runNow(job);
      return { job, at: at.toISOString(), state, result };
    },

    async schedulePause({ job, paused }) {
      await parts.scheduler.pause(job, paused);
      return { job, paused };
    },

    doctor: () => examine(parts),
  };
}
