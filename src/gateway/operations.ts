/** What a running gateway can be asked to do, in terms of the rooms; the command line and the admin endpoint call this. */
import { GatewayError } from '../fhir/error.ts';
import type { ApplyResult, Operations, Plan, PlanArguments } from '../operations.ts';
import { apply } from '../publish/apply.ts';
import { history } from '../publish/history.ts';
import { plan } from '../publish/plan.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { Parts } from './parts.ts';
import { documentOperations } from './document-operations.ts';
import { examine } from './doctor.ts';
import { loadNetworks } from './networks.ts';
import { probeServers } from './probe.ts';
import { referralOperations } from './referral-operations.ts';

/** Operations over an assembled gateway; `actor` is who is told in runs. */
export function createOperations(parts: Parts, actor = 'operator'): Operations {
  const { config, store, clock, knowledge } = parts;
  const { tenant } = config;

  return {
    ...referralOperations(parts),
    ...documentOperations(parts),

    async plan(args) {
      const { networks, issues } = await loadNetworks(config.networks, knowledge, dayOf(args, clock.now()));
      requireKnown(parts, args, networks);
      const planned = await plan(parts, tenant, networks, args);
      return { ...planned, issues: [...issues, ...planned.issues] };
    },

    async apply(args): Promise<ApplyResult> {
      const { networks, issues } = await loadNetworks(config.networks, knowledge, dayOf(args, clock.now()));
      requireKnown(parts, args, networks);
      const result = await apply(parts, { tenant, actor }, networks, args);
      const withIssues: Plan = { ...result.plan, issues: [...issues, ...result.plan.issues] };
      return { ...result, plan: withIssues };
    },

    history: (args) => history(store, tenant, args),
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

function dayOf({ at }: PlanArguments, now: number): string {
  return at ?? new Date(now).toISOString().slice(0, 10);
}

/** A name that nobody has is a mistake of the caller, not an empty plan. */
function requireKnown(parts: Parts, args: PlanArguments, networks: readonly { id: string }[]): void {
  requireServer(parts, args.server);
  if (args.network !== undefined && !networks.some(({ id }) => id === args.network)) {
    throw unknown(`Réseau inconnu : « ${args.network} ».`);
  }
}

function requireServer({ servers }: Parts, id: string | undefined): void {
  if (id === undefined || servers.has(id)) return;
  throw unknown(`Serveur inconnu : « ${id} ». Ceux de la configuration : ${[...servers.keys()].join(', ')}.`);
}

function unknown(message: string): GatewayError {
  return new GatewayError({ category: 'not-found', side: 'sender', message });
}
