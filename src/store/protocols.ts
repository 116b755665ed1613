/** Protocols of the loaded networks, looked up in the desired state by their canonical URL. */
import { type RawBuilder, sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { mappingIn } from './desired.ts';
import type { Db } from './store.ts';

/** A pathway as the network published it: its PlanDefinition, the network's activities and its standing teams. */
export type StoredProtocol = {
  networkId: string;
  plan: AnyResource;
  activities: AnyResource[];
  teams: AnyResource[];
  /** Digest of the mappings that the network was published with (`Basis`); undefined where none was noted. */
  mapping?: string;
};

/** What a network publishes, by its key. */
export type NetworkResource = { networkId: string; key: BusinessKey; body: AnyResource };

export type ProtocolsRepository = ReturnType<typeof protocolsRepository>;

/** What the network of a row of `desired` was mapped with. */
const basis = sql<string | null>`(select n.basis from desired_network n
  where n.tenant = desired.tenant and n.network_id = desired.network_id)`.as('basis');

function mappingOf(row: { basis: string | null }): { mapping?: string } {
  const mapping = row.basis === null ? undefined : mappingIn(row.basis);
  return mapping === undefined ? {} : { mapping };
}

/** Protocols, on the pool or in a transaction. */
export function protocolsRepository(db: Db) {
  const ofType = (tenant: string, type: string) =>
    db.selectFrom('desired').where('tenant', '=', tenant).where('type', '=', type);

  async function published(
    tenant: string,
    type: string,
    wanted: RawBuilder<boolean>,
    networkId?: string,
  ): Promise<NetworkResource[]> {
    const all = ofType(tenant, type).where(wanted);
    const rows = await (networkId === undefined ? all : all.where('network_id', '=', networkId))
      .select(['network_id', 'key', 'body'])
      .orderBy('network_id')
      .orderBy('key')
      .execute();
    return rows.map(({ network_id, key, body }) => ({
      networkId: network_id,
      key,
      body: body as AnyResource,
    }));
  }

  return {
    /** The protocol with this canonical (a `|version` is ignored), or undefined. */
    async byCanonical(tenant: string, canonical: string): Promise<StoredProtocol | undefined> {
      const [url] = canonical.split('|');
      const row = await ofType(tenant, 'PlanDefinition')
        .where(sql<boolean>`body ->> 'url' = ${url}`)
        .select(['network_id', 'body', basis])
        .executeTakeFirst();
      if (!row) return undefined;
      const bodies = async (type: string): Promise<AnyResource[]> => {
        const rows = await ofType(tenant, type)
          .where('network_id', '=', row.network_id)
          .select('body')
          .orderBy('key')
          .execute();
        return rows.map(({ body }) => body as AnyResource);
      };
      return {
        networkId: row.network_id,
        plan: row.body as AnyResource,
        activities: await bodies('ActivityDefinition'),
        teams: await bodies('CareTeam'),
        ...mappingOf(row),
      };
    },

    /** Protocols that are open and have steps, of a network or of all. */
    async active(tenant: string, networkId?: string): Promise<StoredProtocol[]> {
      const of = (type: string) => {
        const all = ofType(tenant, type);
        return networkId === undefined ? all : all.where('network_id', '=', networkId);
      };
      const plans = await of('PlanDefinition')
        .where(
          sql<boolean>`body ->> 'status' = 'active' and body ->> 'url' is not null and body -> 'action' is not null`,
        )
        .select(['network_id', 'body', basis])
        .orderBy('key')
        .execute();
      const byNetwork = async (type: string): Promise<(id: string) => AnyResource[]> => {
        const rows = await of(type).select(['network_id', 'body']).orderBy('key').execute();
        const grouped = Map.groupBy(rows, (one) => one.network_id);
        return (id) => (grouped.get(id) ?? []).map(({ body }) => body as AnyResource);
      };
      const activities = await byNetwork('ActivityDefinition');
      const teams = await byNetwork('CareTeam');
      return plans.map((row) => ({
        ...{ networkId: row.network_id, plan: row.body as AnyResource },
        ...{ activities: activities(row.network_id), teams: teams(row.network_id) },
        ...mappingOf(row),
      }));
    },

    /** Open offers, of a network or of all. */
    async offers(tenant: string, networkId?: string): Promise<NetworkResource[]> {
      return published(tenant, 'HealthcareService', sql<boolean>`body -> 'active' = 'true'`, networkId);
    },

    /** Territories that are in force, of a network or of all. */
    async territories(tenant: string, networkId?: string): Promise<NetworkResource[]> {
      return published(tenant, 'Location', sql<boolean>`body ->> 'status' = 'active'`, networkId);
    },

    /** An offer of the network by its key, open or not; undefined when the network has none such. */
    async offer(tenant: string, networkId: string, key: BusinessKey): Promise<AnyResource | undefined> {
      const row = await ofType(tenant, 'HealthcareService')
        .where('network_id', '=', networkId)
        .where('key', '=', key)
        .select('body')
        .executeTakeFirst();
      return row?.body as AnyResource | undefined;
    },

    /** Professionals whom networks name, by their keys. */
    async persons(tenant: string, keys: readonly BusinessKey[]): Promise<NetworkResource[]> {
      if (keys.length === 0) return [];
      return published(tenant, 'Practitioner', sql<boolean>`key = any(${[...keys]})`);
    },

    /** The indicators of a network: its active Measures. */
    async measures(tenant: string, networkId: string): Promise<AnyResource[]> {
      const rows = await ofType(tenant, 'Measure')
        .where('network_id', '=', networkId)
        .where(sql<boolean>`body ->> 'status' = 'active'`)
        .select('body')
        .orderBy('key')
        .execute();
      return rows.map((row) => row.body as AnyResource);
    },

    /** Canonicals of every protocol that can be referred to. */
    async canonicals(tenant: string): Promise<string[]> {
      const rows = await ofType(tenant, 'PlanDefinition')
        .where(sql<boolean>`body ->> 'status' = 'active'`)
        .select(sql<string>`body ->> 'url'`.as('url'))
        .orderBy('key')
        .execute();
      return rows.map((row) => row.url).filter(Boolean);
    },
  };
}
