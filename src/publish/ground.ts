/** What a plan stands on, so that a saved one is carried out only while nothing of it moved. */
import { sharedTenant } from '../delivery/shared-tenant.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import { contentHash } from '../fhir/normal.ts';
import type { Plan, PlanGround } from '../operations.ts';
import type { Repositories } from '../store/store.ts';
import { defaultBrake } from './brake.ts';
import type { Asked } from './prepare.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

/** The ground as it is now, versions at the servers left out. */
export async function groundOf(
  store: Pick<Repositories, 'comparison'>,
  { serverConfigs, brake = defaultBrake }: Pick<PublishParts, 'serverConfigs' | 'brake'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  day: string,
  { server, network, concerned = network === undefined ? undefined : [network] }: Asked,
): Promise<PlanGround> {
  const configs = serverConfigs.filter(({ id }) => server === undefined || id === server);
  const servers: PlanGround['servers'] = {};
  for (const { id } of configs) {
    const asked = { tenant, shared: sharedTenant, serverId: id, ...(concerned ? { concerned } : {}) };
    servers[id] = { deployed: await store.comparison.digest(asked), versions: {} };
  }
  const meant = networks.filter(({ id }) => concerned?.includes(id) ?? true);
  const shape = configs.map(({ id, base, ids, networks: published }) => [id, base, ids, published ?? null]);
  return {
    ...{ day, config: contentHash([shape, brake]), servers },
    networks: Object.fromEntries(
      meant.map(({ id, sourceHash, basis, kept }) => [
        id,
        contentHash([sourceHash, basis ?? null, kept === 'held']),
      ]),
    ),
  };
}

/** Throws `conflict` when something that the plan stands on moved, naming each and what to do. */
export function refuseMoved(expected: Pick<Plan, 'id' | 'ground'>, now: Pick<Plan, 'id' | 'ground'>): void {
  const issues = moved(expected.ground, now.ground);
  if (issues.length === 0 && expected.id === now.id) return;
  const other: Issue = {
    ...{ severity: 'error', code: 'conflict', rule: 'ground' },
    message:
      'Ce qui serait fait n’est plus ce que le plan montrait (envois en cours, réponses des serveurs).',
  };
  throw new GatewayError({
    ...{ category: 'conflict', side: 'sender', retryable: false },
    message:
      'Plan refusé : ce sur quoi il repose a changé depuis. Rien n’est écrit. ' +
      'Refaire « passerelle plan -o FICHIER », relire, puis appliquer le nouveau plan.',
    issues: issues.length ? issues : [other],
  });
}

function moved(before: PlanGround, now: PlanGround): Issue[] {
  const issues: Issue[] = [];
  const tell = (message: string): void =>
    void issues.push({ severity: 'error', code: 'conflict', rule: 'ground', message });
  if (before.day !== now.day)
    tell(`Jour : le plan vaut pour le ${before.day}, on est le ${now.day} (ou donner --at ${before.day}).`);
  if (before.config !== now.config) tell('Configuration : les serveurs ou le frein ont changé.');
  for (const id of both(before.networks, now.networks))
    if (before.networks[id] !== now.networks[id])
      tell(`Réseau ${id} : ${change(before.networks[id], now.networks[id])}.`);
  for (const id of both(before.servers, now.servers)) {
    const [old, young] = [before.servers[id], now.servers[id]];
    if (!old || !young) tell(`Serveur ${id} : ${change(old, young)}.`);
    else {
      if (old.deployed !== young.deployed) {
        tell(`Serveur ${id} : un autre passage y a publié depuis.`);
        continue; // and so versions there are others
      }
      for (const name of both(old.versions, young.versions))
        if (old.versions[name] !== young.versions[name])
          tell(
            `Serveur ${id} : ${name} a été modifiée à l’hôpital (l’écart est montré par « plan --refresh »).`,
          );
    }
  }
  return issues;
}

function change(before: unknown, now: unknown): string {
  if (before === undefined) return 'ajouté depuis';
  return now === undefined ? 'retiré depuis' : 'la description ou les correspondances ont changé depuis';
}

function both(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}
