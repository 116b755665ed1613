/** A store that knows many resources, wanted and deployed alike: networks of about a thousand, each with members and offers. */
import { sql } from 'kysely';
import { bodyHash } from '../../src/change/links.ts';
import { sharedTenant } from '../../src/delivery/shared-tenant.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { logicalId } from '../../src/fhir/key.ts';
import { managedByTag, networkSystem, publicationSource } from '../../src/fhir/names.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { MappedResource } from '../../src/mapping/types.ts';
import type { MappedNetwork } from '../../src/publish/types.ts';
import type { Store } from '../../src/store/store.ts';

export const tenant = 'bench';
export const serverId = 'ville';
/** Resources of one network: its organisation, and for each member establishment, affiliation and offer. */
export const inNetwork = 1000;
const basis = 'bench';

/** The resources of one network; its first `changed` offers have other words. */
export function resourcesOf(network: string, changed = 0): MappedResource[] {
  const organisation = resource('Organization', networkSystem, network, {
    ...{ active: true, name: `Réseau ${network}` },
  });
  const members = Array.from({ length: (inNetwork - 1) / 3 }, (_, index): MappedResource[] => {
    const finess = `${network.slice(1).padStart(4, '0')}${String(index).padStart(5, '0')}`;
    const address = [{ line: ['1 rue de l’Essai'], postalCode: '75001', city: 'Paris', country: 'FR' }];
    return [
      resource('Organization', systems.finess, finess, {
        ...{ active: true, name: `Établissement ${finess}`, address },
      }),
      resource('OrganizationAffiliation', networkSystem, `${network}/member/${finess}`, {
        active: true,
        organization: { reference: referenceTo('Organization', `${networkSystem}|${network}`) },
        participatingOrganization: { reference: referenceTo('Organization', `${systems.finess}|${finess}`) },
        period: { start: '2024-01-01' },
      }),
      resource('HealthcareService', networkSystem, `${network}/offer/${finess}`, {
        active: true,
        name: index < changed ? 'Consultation avancée' : 'Consultation',
        providedBy: { reference: referenceTo('Organization', `${systems.finess}|${finess}`) },
        telecom: [{ system: 'phone', value: '0100000000' }],
      }),
    ];
  });
  return [organisation, ...members.flat()];
}

function resource(type: string, system: string, value: string, more: object): MappedResource {
  const meta = { source: publicationSource, tag: [{ ...managedByTag }] };
  const body = { resourceType: type, meta, identifier: [{ system, value }], ...more };
  const kind = system === networkSystem ? 'owned' : 'directory-copy';
  const origin = Object.keys(more).map((element) => ({
    element,
    rule: 'bench:1',
    path: `/membres/0/${element}`,
  }));
  return { type, key: `${system}|${value}`, class: kind, body, origin };
}

/** A network whose resources stand in the store, as a plan gets it when its file did not change. */
export function keptNetwork(id: string): MappedNetwork {
  return { ...described(id), resources: [], kept: 'desired' };
}

/** A network whose file changed: mapped anew. */
export function changedNetwork(id: string, changed: number): MappedNetwork {
  return { ...described(id), sourceHash: `${id} changed`, resources: resourcesOf(id, changed) };
}

function described(id: string) {
  return {
    id,
    kind: 'bench',
    name: `Réseau ${id}`,
    source: '',
    sourceFile: `${id}.yaml`,
    sourceHash: id,
    basis,
  };
}

/** Writes it all; answers the ids of the networks. */
export async function fill({ db, desired }: Store, size: number): Promise<string[]> {
  const ids = Array.from({ length: size / inNetwork }, (_, index) => `n${index}`);
  for (const id of ids) {
    const rows = resourcesOf(id).map((one) => {
      const owner = one.class === 'owned' ? tenant : sharedTenant;
      const networks = [one.class === 'owned' ? id : `${tenant}/${id}`];
      return { ...one, owner, networks, hash: bodyHash(one.body), local: logicalId(one.type, one.key) };
    });
    const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(owner text, type text, key text,
      class text, hash text, body jsonb, origin jsonb, local text, networks text[])`;
    await sql`insert into desired (tenant, network_id, type, key, class, hash, body, origin)
      select ${tenant}, ${id}, type, key, class, hash, body, origin from ${given}`.execute(db);
    await sql`insert into deployed (tenant, server_id, type, key, class, hash, body, active, networks, run_id, deployed_at)
      select owner, ${serverId}, type, key, class, hash, body, true, networks, 'fill', now() from ${given}`.execute(
      db,
    );
    await sql`insert into reference (tenant, server_id, type, key, local_id, version_id, last_updated, ours)
      select owner, ${serverId}, type, key, local, '1', now(), true from ${given}`.execute(db);
  }
  await desired.note(
    tenant,
    ids.map((id) => ({ networkId: id, sourceHash: id, basis, issues: [] })),
  );
  await sql`analyze`.execute(db);
  return ids;
}
