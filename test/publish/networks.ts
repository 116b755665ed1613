/** Networks as mapping gives them, made for tests: synthetic establishments under FINESS, things of ours under our system. */
import type { MappedNetwork } from '../../src/publish/types.ts';
import type { PublishParts } from '../../src/publish/types.ts';
import { publishEffect } from '../../src/publish/effect.ts';
import { systemIds } from '../../src/clock.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { managedByTag, networkSystem, publicationSource } from '../../src/fhir/names.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import type { MappedResource } from '../../src/mapping/types.ts';
import type { World } from '../delivery/world.ts';

const meta = { source: publicationSource, tag: [{ ...managedByTag }] };

/** A resource of a network; `links` maps an element to what it points to. */
export function mapped(
  type: string,
  system: string,
  value: string,
  more: Record<string, unknown> = {},
): MappedResource {
  const body: AnyResource = { resourceType: type, meta, identifier: [{ system, value }], ...more };
  const kind = system === networkSystem ? 'owned' : 'directory-copy';
  return { type, key: `${system}|${value}`, class: kind, body, origin: [] };
}

export const owned = (type: string, value: string, more?: Record<string, unknown>): MappedResource =>
  mapped(type, networkSystem, value, more);

export const establishment = (finess: string, name = `Établissement ${finess}`): MappedResource =>
  mapped('Organization', systems.finess, finess, { active: true, name });

export const to = (type: string, value: string, system: string = networkSystem): { reference: string } => ({
  reference: referenceTo(type, `${system}|${value}`),
});

/** A network with its organisation, one member establishment each and their affiliations. */
export function network(id: string, finess: readonly string[] = [], name = `Réseau ${id}`): MappedNetwork {
  return described(id, [
    owned('Organization', id, { active: true, name }),
    owned('Location', `${id}/territory`, {
      status: 'active',
      name: 'Territoire',
      managingOrganization: to('Organization', id),
    }),
    ...finess.flatMap((one) => [
      establishment(one),
      owned('OrganizationAffiliation', `${id}/member/${one}`, {
        active: true,
        organization: to('Organization', id),
        participatingOrganization: to('Organization', one, systems.finess),
      }),
    ]),
  ]);
}

export function described(id: string, resources: MappedResource[]): MappedNetwork {
  const source = JSON.stringify(resources);
  return {
    id,
    kind: 'essai',
    name: `Réseau ${id}`,
    source,
    sourceFile: `${id}.yaml`,
    sourceHash: source,
    resources,
  };
}

/** Publication in a world, its effect installed. */
export function publishParts(world: World): PublishParts {
  world.effects.set('publish', publishEffect(world.clock));
  return {
    ...{ store: world.store, servers: world.servers, serverConfigs: world.configs },
    ...{ delivery: world.delivery, clock: world.clock, ids: systemIds, log: createLog('silent') },
  };
}

/** What a server should show of networks, by `Type key`: of one resource the words of the network whose id sorts first. */
export function wantedOf(networks: readonly MappedNetwork[]): Map<string, MappedResource> {
  const last = [...networks].sort((a, b) => (a.id < b.id ? 1 : -1));
  return new Map(last.flatMap(({ resources }) => resources.map((one) => [`${one.type} ${one.key}`, one])));
}
