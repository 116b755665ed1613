/** (server, key) → the resource there: how business keys become ids at each server, ours or the server's own. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

export type ServerReference = {
  tenant: string;
  serverId: string;
  type: string;
  key: BusinessKey;
  localId: string;
  versionId: string | null;
  lastUpdated: Date | null;
  /** False: the server had it before us; we point to it and publication never writes it. */
  ours: boolean;
};

export type ReferencesRepository = ReturnType<typeof referencesRepository>;

/** The reference table, on the pool or in a transaction. */
export function referencesRepository(db: Db) {
  const select = (tenants: readonly string[], serverId: string) =>
    db
      .selectFrom('reference')
      .where('tenant', 'in', tenants)
      .where('server_id', '=', serverId)
      .select(['tenant', 'server_id as serverId', 'type', 'key', 'local_id as localId'])
      .select(['version_id as versionId', 'last_updated as lastUpdated', 'ours']);

  return {
    /** Those of the given keys, of any type, that are known at the server to one of the tenants. */
    async find(
      tenants: readonly string[],
      serverId: string,
      keys: readonly BusinessKey[],
    ): Promise<ServerReference[]> {
      if (keys.length === 0) return [];
      return select(tenants, serverId)
        .where('key', '=', sql<string>`any(${[...keys]}::text[])`)
        .modifyEnd(kept)
        .execute();
    },

    /** The other way: which keys the given local ids stand for. */
    async byLocalIds(
      tenants: readonly string[],
      serverId: string,
      localIds: readonly string[],
    ): Promise<ServerReference[]> {
      if (localIds.length === 0) return [];
      return select(tenants, serverId)
        .where('local_id', '=', sql<string>`any(${[...localIds]}::text[])`)
        .execute();
    },

    async list(tenants: readonly string[], serverId: string): Promise<ServerReference[]> {
      return select(tenants, serverId).orderBy('type').orderBy('key').execute();
    },

    /** Writes what is now known of each; an earlier row of the same key gives way. */
    async put(references: readonly ServerReference[]): Promise<void> {
      if (references.length === 0) return;
      const column = <K extends keyof ServerReference>(name: K): ServerReference[K][] =>
        references.map((one) => one[name]);
      await sql`${keptLater}
        insert into reference (tenant, server_id, type, key, local_id, version_id, last_updated, ours)
        select * from unnest(${column('tenant')}::text[], ${column('serverId')}::text[], ${column('type')}::text[],
          ${column('key')}::text[], ${column('localId')}::text[], ${column('versionId')}::text[],
          ${column('lastUpdated')}::timestamptz[], ${column('ours')}::boolean[])
        on conflict (tenant, server_id, type, key) do update set local_id = excluded.local_id,
          version_id = excluded.version_id, last_updated = excluded.last_updated, ours = excluded.ours`.execute(
        db,
      );
    },

    /** The resource is no longer there: nothing is known of the key at that server. */
    async forget(reference: Pick<ServerReference, 'tenant' | 'serverId' | 'type' | 'key'>): Promise<void> {
      await db
        .deleteFrom('reference')
        .where('tenant', '=', reference.tenant)
        .where('server_id', '=', reference.serverId)
        .where('type', '=', reference.type)
        .where('key', '=', reference.key)
        .execute();
    },
  };
}
