/** What publication last wrote at each server, with its owner: ownership of a resource is this row and nothing else. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type DeployedResource = {
  /** The shared tenant for directory copies, which every tenant uses. */
  tenant: string;
  serverId: string;
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy' | 'adopted';
  hash: string;
  body: AnyResource;
  /** False once it was closed. */
  active: boolean;
  /** Who needs it: network ids; `tenant/network` for what is shared. */
  networks: string[];
  runId: string;
  deployedAt: Date;
};

/** A row without what it says. */
export type DeployedOutline = Omit<DeployedResource, 'body' | 'runId' | 'deployedAt'>;

export type DeployedRepository = ReturnType<typeof deployedRepository>;

/** Deployed state, on the pool or in a transaction. */
export function deployedRepository(db: Db) {
  const select = (tenants: readonly string[], serverId: string) =>
    db
      .selectFrom('deployed')
      .where('tenant', 'in', tenants)
      .where('server_id', '=', serverId)
      .select(['tenant', 'server_id as serverId', 'type', 'key', 'class', 'hash', 'body', 'active'])
      .select(['networks', 'run_id as runId', 'deployed_at as deployedAt'])
      .orderBy('type')
      .orderBy('key');

  return {
    async list(tenants: readonly string[], serverId: string): Promise<DeployedResource[]> {
      const rows = await select(tenants, serverId).execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },

    /** What is in use there for any of the given needers (as in `networks`), without bodies. */
    async outline(
      tenants: readonly string[],
      serverId: string,
      needers: readonly string[],
    ): Promise<DeployedOutline[]> {
      return db
        .selectFrom('deployed')
        .where('tenant', 'in', tenants)
        .where('server_id', '=', serverId)
        .where('active', '=', true)
        .where(sql<boolean>`networks && ${[...needers]}::text[]`)
        .select(['tenant', 'server_id as serverId', 'type', 'key', 'class', 'hash', 'active', 'networks'])
        .orderBy('type')
        .orderBy('key')
        .execute();
    },

    /** The rows of the given types and keys, taken in parallel. */
    async find(
      tenants: readonly string[],
      serverId: string,
      asked: readonly { type: string; key: BusinessKey }[],
    ): Promise<DeployedResource[]> {
      if (asked.length === 0) return [];
      const rows = await select(tenants, serverId)
        .where(
          sql<boolean>`(type, key) in (select * from unnest(
            ${asked.map((one) => one.type)}::text[], ${asked.map((one) => one.key)}::text[]))`,
        )
        .execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },

    /**
     * Notes who needs resources that stay as they are. Of a shared row only the part of `tenant` is replaced: others
     * may have changed theirs since `rows` was read.
     */
    async setNeeders(
      tenant: string,
      rows: readonly Pick<DeployedResource, 'tenant' | 'serverId' | 'type' | 'key' | 'networks'>[],
    ): Promise<void> {
      const told = rows.map((row) => ({
        ...{ tenant: row.tenant, server: row.serverId, type: row.type, key: row.key, networks: row.networks },
      }));
      await inChunks(told, (chunk) =>
        sql`update deployed d set networks = case when d.tenant = ${tenant} then x.networks else array(
            select one from unnest(d.networks) one where not starts_with(one, ${`${tenant}/`})
            union
            select one from unnest(x.networks) one where starts_with(one, ${`${tenant}/`})
            order by 1) end
          from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
            as x(tenant text, server text, type text, key text, networks text[])
          where d.tenant = x.tenant and d.server_id = x.server and d.type = x.type and d.key = x.key`.execute(
          db,
        ),
      );
    },

    /** Ours no more: nothing is known of it. */
    async forget(at: Pick<DeployedResource, 'tenant' | 'serverId' | 'type' | 'key'>): Promise<void> {
      await db
        .deleteFrom('deployed')
        .where('tenant', '=', at.tenant)
        .where('server_id', '=', at.serverId)
        .where('type', '=', at.type)
        .where('key', '=', at.key)
        .execute();
    },

    /** The row of one resource, locked until the transaction ends. */
    async lock(
      at: Pick<DeployedResource, 'tenant' | 'serverId' | 'type' | 'key'>,
    ): Promise<DeployedResource | undefined> {
      const row = await select([at.tenant], at.serverId)
        .where('type', '=', at.type)
        .where('key', '=', at.key)
        .forUpdate()
        .executeTakeFirst();
      return row && { ...row, body: row.body as AnyResource };
    },

    async put(resources: readonly DeployedResource[]): Promise<void> {
      const rows = resources.map((one) => ({
        ...{ tenant: one.tenant, server_id: one.serverId, type: one.type, key: one.key, class: one.class },
        ...{ hash: one.hash, body: JSON.stringify(one.body), active: one.active, networks: one.networks },
        ...{ run_id: one.runId, deployed_at: one.deployedAt },
      }));
      await inChunks(rows, (chunk) =>
        db
          .insertInto('deployed')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['tenant', 'server_id', 'type', 'key']).doUpdateSet((eb) => ({
              class: eb.ref('excluded.class'),
              hash: eb.ref('excluded.hash'),
              body: eb.ref('excluded.body'),
              active: eb.ref('excluded.active'),
              networks: eb.ref('excluded.networks'),
              run_id: eb.ref('excluded.run_id'),
              deployed_at: eb.ref('excluded.deployed_at'),
            })),
          )
          .execute(),
      );
    },
  };
}
