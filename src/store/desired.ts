/** What the networks say: one row a resource and network. */
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type DesiredResource = {
  networkId: string;
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy';
  /** Hash of the normal form of `body`. */
  hash: string;
  /** References by business key. */
  body: AnyResource;
  /** Where its elements came from in the network's file. */
  origin: Json;
};

export type DesiredRepository = ReturnType<typeof desiredRepository>;

/** Desired state, on the pool or in a transaction. */
export function desiredRepository(db: Db) {
  return {
    /** Makes `resources` the whole desired state of the tenant: what is not among them is no longer wanted. */
    async replace(tenant: string, resources: readonly DesiredResource[]): Promise<void> {
      await db.deleteFrom('desired').where('tenant', '=', tenant).execute();
      const rows = resources.map(({ networkId, type, key, class: kind, hash, body, origin }) => ({
        ...{ tenant, network_id: networkId, type, key, class: kind, hash },
        ...{ body: JSON.stringify(body), origin: JSON.stringify(origin) },
      }));
      await inChunks(rows, (chunk) => db.insertInto('desired').values(chunk).execute());
    },

    async list(tenant: string): Promise<DesiredResource[]> {
      const rows = await db
        .selectFrom('desired')
        .where('tenant', '=', tenant)
        .select(['network_id as networkId', 'type', 'key', 'class', 'hash', 'body', 'origin'])
        .orderBy('network_id')
        .orderBy('type')
        .orderBy('key')
        .execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },
  };
}
