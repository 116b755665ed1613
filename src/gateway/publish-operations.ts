/** Operations of publication: plan, apply, resume, roll back, what was done. */
import { GatewayError, isGatewayError } from '../fhir/error.ts';
import type { Operations, Plan, PlanArguments } from '../operations.ts';
import { apply } from '../publish/apply.ts';
import { history, runDetail } from '../publish/history.ts';
import { plan } from '../publish/plan.ts';
import { publishedNetworks } from '../publish/published-networks.ts';
import { resume } from '../publish/resume.ts';
import { planRollback, rollback } from '../publish/rollback.ts';
import type { MappedNetwork } from '../publish/types.ts';
import { withVersions } from '../publish/versions.ts';
import { openClosure } from './closure.ts';
import { loadNetworks } from './networks.ts';
import type { Parts } from './parts.ts';
import { requireAdoptable } from './require-adoptable.ts';
import { requireServer, unknown } from './require.ts';
import { withDrift } from './drift.ts';

type PublishOperation =
  'plan' | 'apply' | 'resume' | 'rollbackPlan' | 'rollback' | 'history' | 'runShow' | 'networkVersions';

/** Publication over an assembled gateway; `actor` is who is told in runs. */
export function publishOperations(parts: Parts, actor: string): Pick<Operations, PublishOperation> {
  const { config, store, clock, knowledge } = parts;
  const { tenant } = config;
  const scope = { tenant, actor };
  const publishing = { ...parts, brake: config.brake };

  const load = async ({ at }: Pick<PlanArguments, 'at'>) => {
    const day = at ?? new Date(clock.now()).toISOString().slice(0, 10);
    const closure = await openClosure(parts);
    const bases = await store.desired.bases(tenant);
    const loaded = await loadNetworks(config.networks, knowledge, day, bases, closure.digests);
    return closure.close(loaded);
  };
  /** A roll back must not wait for files to be mended: then what was published last stands for them. */
  const loadOrStored = async (): ReturnType<typeof loadNetworks> => {
    try {
      return await load({});
    } catch (error) {
      if (!isGatewayError(error) || error.category !== 'invalid') throw error;
      const message = `${error.message} Le retour se fonde sur ce qui a été publié en dernier.`;
      const networks = await publishedNetworks(store, tenant);
      return { networks, issues: [{ severity: 'warning', code: 'invalid', message }] };
    }
  };
  const told = (planned: Plan, issues: Plan['issues']): Plan => ({
    ...planned,
    issues: [...issues, ...planned.issues],
  });

  const accepting = ({ adopt }: Pick<PlanArguments, 'adopt'>) => ({
    accept: (planned: Plan): void => requireAdoptable(planned, adopt),
  });

  return {
    async plan({ versions = false, ...args }) {
      const { networks, issues } = await load(args);
      await requireKnown(parts, args, networks);
      const planned = told(await plan(publishing, tenant, networks, args), issues);
      requireAdoptable(planned, args.adopt);
      const compared = args.refresh ? await withDrift(parts, tenant, networks, args, planned) : planned;
      return versions ? withVersions(parts, tenant, compared) : compared;
    },

    async apply(args) {
      if (args.expect !== undefined) requirePlan(args.expect);
      const { networks, issues } = await load(args);
      await requireKnown(parts, args, networks);
      const result = await apply(publishing, scope, networks, { ...args, ...accepting(args) });
      return { ...result, plan: told(result.plan, issues) };
    },

    resume: (args) => resume(publishing, tenant, args),

    async rollbackPlan(args) {
      requireServer(parts, args.server);
      const { networks, issues } = await loadOrStored();
      const planned = told(await planRollback(publishing, tenant, networks, args), issues);
      requireAdoptable(planned, args.adopt);
      return planned;
    },

    async rollback(args) {
      requireServer(parts, args.server);
      const { networks, issues } = await loadOrStored();
      const reread = async () => (await loadOrStored()).networks;
      const result = await rollback(publishing, scope, networks, { ...args, ...accepting(args), reread });
      return { ...result, plan: told(result.plan, issues) };
    },

    history: (args) => history(store, tenant, args),
    runShow: (args) => runDetail(parts, tenant, args),

    async networkVersions({ network }) {
      const versions = await store.networks.versions(tenant, network);
      if (versions.length === 0) throw unknown(`Réseau jamais publié : « ${network} ».`);
      return versions.map(({ sourceFile: file, loadedAt, ...version }) => ({
        ...{ ...version, file, loadedAt: loadedAt.toISOString() },
      }));
    },
  };
}

/** What is expected comes from a file, by whatever way. */
function requirePlan({ id, ground }: Partial<Pick<Plan, 'id' | 'ground'>>): void {
  const servers = Object.values(ground?.servers ?? {});
  const objects: unknown[] = [ground?.networks, ground?.servers, ...servers.map((one) => one?.versions)];
  const texts: unknown[] = [id, ground?.day, ground?.config, ...servers.map((one) => one?.deployed)];
  const whole =
    objects.every((part) => typeof part === 'object' && part !== null) &&
    texts.every((part) => typeof part === 'string');
  if (whole) return;
  const message = 'Le plan attendu est incomplet : en refaire un par « plan -o ».';
  throw new GatewayError({ category: 'invalid', side: 'sender', message });
}

/** A name that nobody has is a mistake of the caller, not an empty plan. */
async function requireKnown(
  parts: Parts,
  args: PlanArguments,
  networks: readonly MappedNetwork[],
): Promise<void> {
  requireServer(parts, args.server);
  if (args.network !== undefined && !networks.some(({ id }) => id === args.network))
    throw unknown(`Réseau inconnu : « ${args.network} ».`);
  if (!args.release?.length) return;
  const held = await parts.store.holds.list(parts.config.tenant);
  const known = new Set([...networks.map(({ id }) => id), ...held.map(({ networkId }) => networkId)]);
  const wrong = args.release.find((id) => !known.has(id));
  if (wrong !== undefined) throw unknown(`Réseau inconnu, ni maintenu : « ${wrong} ».`);
}
